"""The page in Japanese: lots, comparability, risks, source cell, subtypes, nearest reference samples, agreement."""

from __future__ import annotations

_LOTS: dict[str, str] = {
    "section.lots": "ロット",
    "lots.intro": (
        "調製物がロット間でどの程度異なるかを、同一ロット内の試料間の差と対比して示す。値は「尺度」の列に示す尺度に"
        "よる。範囲は90%区間である。"
    ),
    "lots.no_table": "表 lots.tsv がない。この実行の出荷評価の段階で出力されておらず、ロットは比較していない。",
    "lots.no_lots": "試料シートの「lot」の列に記載のある調製物がないため、比較するロットがない。",
    "lots.one_lot": "ロットの記載がある調製物はすべて同一ロットであり、ロット間の差については何も言えない。",
    "lots.no_rows": "複数のロットが記載されているが、ロットの表に行がない。その段階の警告を参照すること。",
    "lots.told": "{samples}試料からなる{lots}ロットを{quantities}の量について比較した。",
    "lots.out.other": "ロットの値のうち{n}件が管理限界を外れている。下に示す。",
    "lots.none_out": "管理限界を外れたロットの値はない。",
    "lots.open.other": "ロットの値のうち{n}件は管理限界と照合できなかった。理由は表に示す。",
    "lots.outside.title": "管理限界を外れたロット",
    "lots.outside.table": "管理限界を外れたロットの値、及びそのロットを他と隔てるタンパク質",
    "lots.outside.empty": "評価できたものの中に、管理限界を外れた値をもつロットはない。",
    "lots.components.title": "ロット内及びロット間の分散",
    "lots.components.table": "量ごとの分散成分",
    "lots.components.empty": "ロットの表に分散成分がない。",
    "lots.chart.title": "管理図",
    "lots.chart.caption": (
        "各ロットの平均を90%区間とともに、ロット名の順に示す。破線：管理限界。実線：試験全体の平均。塗りつぶし：限"
        "界内。中抜きの四角：限界外。×印：評価できなかったもの。"
    ),
    "lots.chart.table": "ロットの平均と管理限界：スコア及びプロテオーム全体",
    "lots.chart.empty": "ロットの表に個々のロットのスコアがないため、管理図はない。",
    "lots.more.title": "ロット別のファミリー、区画及びタンパク質",
    "lots.more.table": "ロットの平均と管理限界：ファミリー、区画及びタンパク質",
    "lots.more.empty": "ロットの表に個々のロットのファミリー、区画又はタンパク質がない。",
    "lots.left_out": "全{total}行中{shown}行を、限界の中央から遠い順に示す。全行はファイル lots.tsv にある。",
    "lots.left_out_components": (
        "全{total}行中{shown}行を示す。タンパク質はロット間分散の大きい順である。全行はファイル lots.tsv にある。"
    ),
    "lots.lot": "ロット",
    "lots.lots": "ロット数",
    "lots.samples": "試料数",
    "lots.quantity": "量",
    "lots.kind": "種類",
    "lots.unit": "尺度",
    "lots.estimate": "平均",
    "lots.range": "90%区間",
    "lots.sd_between": "ロット間SD",
    "lots.sd_within": "ロット内SD",
    "lots.cv_between": "ロット間CV（%）",
    "lots.cv_range": "同CVの90%区間（%）",
    "lots.cv_within": "ロット内CV（%）",
    "lots.limits": "管理限界",
    "lots.limits_from": "限界の算出元",
    "lots.status": "状態",
    "lots.reason": "理由",
    "lots.proteins": "他と隔てるタンパク質（log2差）",
    "limits_from.qualified": "適格性確認済みロット",
    "limits_from.all": "全ロット",
    "limits_from.": "限界の算出にはロットが少なすぎる",
    "control.in_control": "限界内",
    "control.out_of_control": "限界外",
    "control.not_assessable": "評価不能",
    "kind.score": "スコア",
    "kind.family": "マーカーファミリー",
    "kind.compartment": "区画",
    "kind.protein": "タンパク質",
    "kind.proteome": "プロテオーム全体",
    "kind.overall": "総合",
    "unit.log2": "log2",
    "unit.logit": "対数オッズ",
    "unit.share": "割合",
    "unit.score": "0～1のスコア",
    "unit.lots": "ロット",
    "unit.comparisons": "比較",
    "unit.difference of mean prominence (-1 to 1)": "顕著度の差",
    "unit.share of protein mass": "タンパク質質量に占める割合",
    "unit.share of the signal": "シグナルに占める割合",
    "unit.share of quantities": "量の数に占める割合",
    # shares are written in per cent
    "amount.share": "{value}%",
    "amount.share of protein mass": "タンパク質質量の{value}%",
    "amount.share of the signal": "シグナルの{value}%",
    "amount.share of quantities": "量の{value}%",
}

_COMPARABILITY: dict[str, str] = {
    "section.comparability": "製法間の同等性",
    "comparability.intro": (
        "差の90%区間の全体がマージンの内側にあるとき、二つの製法を同等とする（有意水準5%の二つの片側検定）。差が示"
        "されないことは同等を意味しない。いずれとも決まらないものは結論保留とする。"
    ),
    "comparability.no_table": (
        "表 comparability.tsv がない。この実行の出荷評価の段階で出力されておらず、製法は比較していない。"
    ),
    "comparability.no_process": "試料シートの「process」の列に記載のある調製物がないため、比較する製法がない。",
    "comparability.one_process": (
        "製法の記載がある調製物はすべて製法「{process}」である。比較には二つの製法が必要である。"
    ),
    "comparability.no_rows": (
        "複数の製法が記載されているが、同等性の表に行がない。出荷評価の段階の警告を参照すること。"
    ),
    "comparability.pair": "{a} に対する {b}",
    "comparability.overall": "総合：{result}（{reason}）。",
    "comparability.counts": (
        "個々のタンパク質を除く{n}の量のうち、同等が{equivalent}、相違が{different}、結論保留が{inconclusive}である。"
    ),
    "comparability.proteins": (
        "{n}のタンパク質のうち、同等が{equivalent}、相違が{different}、結論保留が{inconclusive}である。"
    ),
    "comparability.no_proteins": "この組合せについては、個々のタンパク質が表にない。",
    "comparability.table": "{pair}の同等性：スコア、ファミリー及び区画",
    "comparability.empty": "この組合せについては、スコア、ファミリー及び区画が表にない。",
    "comparability.figure.title": "区間とマージン：{pair}",
    "comparability.figure.caption": (
        "製法b（{b}）から製法a（{a}）を引いた差を90%区間とともに示す。すべての量を同じ軸で見られるようマージンを単位"
        "とし、−1と+1の破線がマージンである。丸：同等。四角：相違。×印：結論保留。"
    ),
    "comparability.axis": "差／マージン",
    "comparability.figure.empty": "この組合せには差とマージンの両方をもつ量がないため、図示できない。",
    "comparability.figure.beyond": ("端の矢印：差は軸の範囲外にある。値は表に示す。"),
    "comparability.proteins.table": "相違とされたタンパク質：{pair}",
    "comparability.proteins.empty": "これらの製法の間で相違とされたタンパク質はない。",
    "comparability.left_out": (
        "全{total}行中{shown}行を、差の大きい順に示す。全行はファイル comparability.tsv にある。"
    ),
    "comparability.quantity": "量",
    "comparability.kind": "種類",
    "comparability.unit": "尺度",
    "comparability.lots": "ロット数（a；b）",
    "comparability.samples": "試料数（a；b）",
    "comparability.difference": "差 b − a",
    "comparability.range": "90%区間",
    "comparability.margin": "マージン（±）",
    "comparability.p_equivalence": "同等性のp値（調整済み）",
    "comparability.p_difference": "差のp値（調整済み）",
    "comparability.needed": "判定に必要な各製法のロット数（推定）",
    "comparability.result": "結果",
    "comparability.reason": "理由",
    "equivalence.equivalent": "同等",
    "equivalence.different": "相違",
    "equivalence.inconclusive": "結論保留",
}

_RISKS: dict[str, str] = {
    "section.risks": "リスク",
    "risks.intro": (
        "EVを用いる治療に関する考え方（日本再生医療学会）が挙げる五つのリスクについて、測定されたタンパク質から何が"
        "言えるかを示す。タンパク質は手掛かりにすぎず、安全の証明にはならない。「検出なし」は質量分析で検出されなか"
        "ったことを意味する。項目ごとに、証拠の強さと示し得ないことを記す。証拠の強さ（弱い、中程度、強い）"
        "はsEVidentが定めた便宜上の区分であり、危険の程度でも安全の限度でもない。"
    ),
    "risks.no_table": (
        "表 risks.tsv がない。この実行の出荷評価の段階で出力されておらず、リスクについては何も述べられない。安全で"
        "あることを意味しない。"
    ),
    "risks.no_rows": (
        "リスクの表に行がない。リスクは評価されていない。出荷評価の段階の警告を参照すること。安全であることを意味し"
        "ない。"
    ),
    "risks.none_of_kind": "この種のリスクの項目が表にない。評価されていないのであって、安全であることを意味しない。",
    "risk.infection": "感染症の伝播",
    "risk.immune_reaction": "免疫反応",
    "risk.other_components": "小型EV以外の成分",
    "risk.variability": "ロット間のばらつき",
    "risk.distribution": "体内分布",
    "risk_meaning.infection": (
        "測定されたタンパク質に見られる、ウイルスその他の感染因子の手掛かり。無菌、マイコプラズマ、ウイルス及びエン"
        "ドトキシンの試験は別であり、これに代わるものではない。"
    ),
    "risk_meaning.immune_reaction": "異種タンパク質、HLA、補体など、免疫反応を引き起こし、又は左右し得るタンパク質。",
    "risk_meaning.other_components": "小胞とともに混入した、血清、細胞、マトリックス及び他の粒子のタンパク質。",
    "risk_meaning.variability": "本試験のロット及び試料が互いにどの程度異なるか。",
    "risk_meaning.distribution": (
        "小胞の体内での行き先を左右し得る表面タンパク質。実際の行き先はプロテオームからは分からない。"
    ),
    "risks.found.one": "検出は全試料・全項目を通じて1件。",
    "risks.found.other": "検出は全試料・全項目を通じて{n}件。",
    "risks.overview.table": "{risk}：全試料を通じた項目",
    "risks.samples.table": "{risk}：試料ごとに認められたもの",
    "risks.samples.summary": "試料ごとの結果",
    "risks.on_demand": (
        "{limit}を超える{n}試料があるため、各試料の項目はその詳細表示（「判定の根拠」の「試料ごとの内訳」）に示す。"
    ),
    "risks.study": "試験全体",
    "risks.item": "項目",
    "risks.sample": "試料",
    "risks.status": "状態",
    "risks.strength": "証拠の強さ",
    "risks.strongest": "最も強い証拠",
    "risks.highest": "最大値（90%区間）",
    "risks.found_in": "検出",
    "risks.otherwise": "その他",
    "risks.value": "値",
    "risks.range": "90%区間",
    "risks.detected": "タンパク質",
    "risks.text": "認められたもの",
    "risks.limits": "これで示し得ないこと",
    "risks.source": "出典",
    "risk_status.found": "検出",
    "risk_status.not_found": "検出なし",
    "risk_status.not_searched": "検索対象外",
    "risk_status.not_assessable": "評価不能",
    "risk_status.not_tested": "未試験",
    "strength.none": "なし",
    "strength.weak": "弱い",
    "strength.moderate": "中程度",
    "strength.strong": "強い",
}

_CELLS: dict[str, str] = {
    "section.source_cell": "由来細胞",
    "source_cell.intro": (
        "由来細胞に特徴的なタンパク質と、それらが構成ファイルで申告された由来を支持するか否かを示す。分かるのは細胞"
        "の種類までであり、ドナーや細胞バンクは分からない。"
    ),
    "source_cell.no_table": (
        "表 source_cell.tsv がない。この実行の出荷評価の段階で出力されておらず、由来細胞については何も分からない。"
    ),
    "source_cell.no_rows": "由来細胞の表に行がない。本試験では由来細胞のパネルを評価できなかった。",
    "source_cell.declared": "申告された由来：{source}。",
    "source_cell.undeclared": (
        "由来細胞が申告されていない（構成ファイルのキー「source_cell」）ため、期待される結果はなく、以下は参考である。"
    ),
    "source_cell.overview": "全試料を通じた由来細胞のパネル：支持・不支持別の試料数",
    "source_cell.table": "試料ごとの由来細胞のパネル",
    "source_cell.on_demand": (
        "{limit}を超える{n}試料があるため、各試料のパネルはその詳細表示（「判定の根拠」の「試料ごとの内訳」）に示す。"
    ),
    "source_cell.sample": "試料",
    "source_cell.panel": "パネル",
    "source_cell.expectation": "期待",
    "source_cell.members": "構成数",
    "source_cell.detected": "検出数",
    "source_cell.not_assessable": "評価不能数",
    "source_cell.best": "最上位のタンパク質",
    "source_cell.share": "タンパク質質量に占める割合（%）",
    "source_cell.sign": "支持の有無",
    "source_cell.text": "説明",
    "source_cell.source": "出典",
    "expectation.present": "陽性",
    "expectation.absent": "陰性",
    "expectation.none": "期待なし",
    "sign.for": "支持する",
    "sign.against": "支持しない",
    "sign.neutral": "どちらでもない",
    "sign.not_assessable": "評価不能",
    "section.subtypes": "サブタイプ（探索的）",
    "subtypes.intro": (
        "探索的な結果である。タンパク質がどの種類の小胞又は粒子により似ているかを示す。これらを区別する合意されたタ"
        "ンパク質マーカーはないため、値は目安にとどまり、判定には一切用いない。"
    ),
    "subtypes.no_table": (
        "表 subtypes.tsv がない。この実行のスコア算出の段階で出力されておらず、サブタイプについては何も分からない。"
    ),
    "subtypes.no_rows": "サブタイプの表に行がない。本試験ではサブタイプのパネルを評価できなかった。",
    "subtypes.overview": "全試料を通じたサブタイプ",
    "subtypes.table": "試料ごとのサブタイプ（探索的）",
    "subtypes.figure.percent": "{unit}（%）",
    "subtypes.figure.title": "サブタイプと90%区間（探索的）",
    "subtypes.figure.caption": (
        "1行に1試料、比較ごとに1図を、90%区間とともに示す。記号のない試料は評価できなかったもので、理由は表に示す。"
        "探索的な結果であり、判定には用いない。"
    ),
    "subtypes.figure.empty": "サブタイプを評価できた試料がない。理由は表に示す。",
    "subtypes.on_demand": (
        "{limit}を超える{n}試料があるため、各試料の値はその詳細表示（「判定の根拠」の「試料ごとの内訳」）に示す。"
    ),
    "subtypes.sample": "試料",
    "subtypes.subtype": "比較",
    "subtypes.value": "値",
    "subtypes.range": "90%区間",
    "subtypes.unit": "単位",
    "subtypes.members": "検出されたタンパク質",
    "subtypes.status": "状態",
    "subtypes.note": "注記",
    "subtypes.source": "出典",
    "subtypes.assessed": "評価した試料数",
    "subtypes.median": "中央値",
    "subtypes.span": "最小～最大",
    "subtype_status.assessed": "評価済み",
    "subtype_status.not_assessable": "評価不能",
}

_NEAREST: dict[str, str] = {
    "neighbours.title": "{sample} に最も近い参照試料",
    "neighbours.intro": (
        "各試料にタンパク質が最も近い、区分既知の公開試料をその内訳に示す。判定を読む助けであり、その区分は判定に"
        "用いない。最も近いものでも遠すぎる場合は判定しない。"
    ),
    "neighbours.no_table": (
        "表 neighbours.tsv がない。この実行のスコア算出の段階で出力されておらず、最も近い参照試料を示せない。"
    ),
    "neighbours.no_rows": "近傍の表に行がない。参照試料の中に位置付けられた試料がない。",
    "neighbours.sample_empty": "この試料に最も近い参照試料は出力されていない。",
    "neighbours.place": "順位",
    "neighbours.study": "試験",
    "neighbours.class": "既知の区分",
    "neighbours.subclass": "種類",
    "neighbours.distance": "距離",
    "neighbours.identity": "同一性",
    "neighbours.purity": "純度",
    "cloud.name": "公開参照：{label}",
    "cloud.caption": (
        "小さく淡い記号：{studies}試験の区分既知の公開{n}試料。いずれも、その施設のデータを用いずに学習したモデルで"
        "スコアを求めた。そのような材料の位置を示すもので、限界値ではない。"
    ),
    "cloud.no_table": (
        "公開参照試料の分布は描いていない。導入されている参照資源にファイル scored_samples.tsv がない。"
    ),
    "cloud.no_rows": "公開参照試料の分布は描いていない。ファイルに両スコアのそろった試料がない。",
    "cloud.table": "図中の公開参照試料",
    "cloud.summary": "公開参照試料の数値",
    "cloud.sample": "参照試料",
    "cloud.study": "試験",
    "cloud.laboratory": "施設",
    "cloud.class": "既知の区分",
    "cloud.subclass": "種類",
    "section.agreement": "反復の一致",
    "agreement.intro": (
        "役割、群、ロット及び製法が同じ試料を互いの反復とする。スコアが近いほど、判定が一回の測定に左右されにくい。"
    ),
    "agreement.none": (
        "役割、参照群、ロット及び製法が同じで「replicate」の列が異なる試料の組がないため、比較する反復がない。"
    ),
    "agreement.not_scored": "スコアを求めた試料がないため、反復のスコアを比較できない。",
    "agreement.alone.other": ("{n}試料には反復がなく、比較しない：{names}。"),
    "agreement.same": "反復の{n}群中{k}群で、全試料の判定が一致している。",
    "agreement.title": "反復のスコア",
    "agreement.caption": (
        "反復の群を試料シートの順に1列ずつ示す。各記号は1試料で、90%区間を付す。番号は表の番号である。"
    ),
    "agreement.table": "群ごとの反復のスコア",
    "agreement.group": "群",
    "agreement.samples": "試料",
    "agreement.verdicts": "判定",
    "agreement.identity": "同一性（最小～最大）",
    "agreement.purity": "純度（最小～最大）",
    "agreement.shared": "共通タンパク質（いずれかにあるものに対する%）",
    "agreement.correlation": "質量割合の順位相関（組の中央値）",
    "agreement.many": "{limit}を超える{n}試料があるため、反復のタンパク質は報告書上では比較せず、その2列を省く。",
}

JAPANESE_RELEASE: dict[str, str] = {**_LOTS, **_COMPARABILITY, **_RISKS, **_CELLS, **_NEAREST}
