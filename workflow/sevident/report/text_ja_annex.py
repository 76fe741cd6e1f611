"""The page in Japanese: what follows the evidence, from truth beside estimate to the glossary."""

from __future__ import annotations

JAPANESE_ANNEX: dict[str, str] = {
    # species
    "species.intro": (
        "各試料に占める他の生物種のタンパク質を、シグナル強度の百分率で示す。推定値：1種のみに属するペプチドに、共"
        "有ペプチドをその種固有のペプチドから推定される比率で種間に配分したものを加えた値。固有ペプチド：共有ペプチ"
        "ドを一切含めない値。共有ペプチド：生物種が分かる全ペプチドのうち、この種と他の種の双方が持ち得るもの。検索"
        "されていない種については、同定されたもののうちその種であり得る最大量を表し、真の割合は不明であって、ゼロで"
        "はない。"
    ),
    "species.load": (
        "ウシの推定値は血清負荷（serum_load_bovine）、すなわち培養に用いたウシ血清に由来して残ったタンパク質である。"
    ),
    "species.title_serum": "ウシ：血清負荷",
    "species.title_other": "他の生物種：{species}",
    "species.caption": "試料ごとの{species}タンパク質の割合",
    "species.caption_note": "試料ごとの{species}タンパク質の割合。全試料共通の注記：{note}",
    "species.sample": "試料",
    "species.estimate": "推定値（%）",
    "species.status": "状態",
    "species.own": "固有ペプチド（%）",
    "species.shared": "共有ペプチド（%、上限）",
    "species.peptides": "固有ペプチド数",
    "species.note": "注記",
    "species.searched": "検索済み",
    "species.none_found": "検索済み、検出なし",
    "species.unmeasured": "検索済み、測定値なし",
    "species.not_searched": "検索対象外",
    "species.no_row": "表に記載なし",
    "species.found.other": (
        "ウシタンパク質を検索した{n}試料中{k}試料でウシタンパク質が検出された：これらの中央値は{median}%、最大は "
        "{sample} の{most}%である。"
    ),
    "species.none.other": "{n}試料でウシタンパク質を検索したが、検出されなかった。",
    "species.silent.other": "{n}試料でウシタンパク質を検索したが、何も測定されなかった。",
    "species.blind.other": "{n}試料ではウシタンパク質を検索していない。血清負荷は不明であり、ゼロではない。",
    "species.platelets.other": (
        "{n}試料（{names}）で血小板タンパク質が多い。細胞をヒト血小板溶解物で培養した場合、これらは培地に由来する可"
        "能性がある。ヒトのタンパク質であるため、本報告書のどの割合からも判別できない。培地のみの試料と比較すること。"
    ),
    "species.no_table": (
        "表 species.tsv がない。この表を出力しない版で定量されており、他の生物種のタンパク質については何も分からな"
        "い。ワークフローを再実行すること。"
    ),
    "species.no_rows": "生物種の表に行がない。生物種別に分けられた試料がない。",
    "species.only_own": "生物種の表には試験自体の生物種（{organism}）しかなく、区別できるものがない。",
    "species.nothing_searched": (
        "試験自体の生物種（{organism}）以外の配列が検索されていないため、ウシ血清など他の生物種のタンパク質は見えな"
        "い。その割合は不明であり、ゼロではない。混入物リストのウシタンパク質を加えて再検索すること。"
    ),
    # truth
    "truth.intro": "試料シートに記載された各試料の真の内容を、これを参照せずに行った推定と対比する。",
    "truth.none": "試料シートに「truth」又は「truth_small_ev_percent」の列がないため、推定値と対比できるものがない。",
    "truth.title": "小型EVの真の割合に対するスコア",
    "truth.caption": (
        "横軸：タンパク質に占める小型EVの真の割合（%）。縦軸：同一性及び純度（90%区間付き）並びに小型EV調製物である"
        "確率。スコアは割合ではない。真値とともに上昇すべきものであり、真値と等しくなるべきものではない。"
    ),
    "truth.x": "小型EVの真の割合（%）",
    "truth.y": "スコア又は確率",
    "truth.p": "小型EVである確率",
    "truth.table": "試料ごとの真値と推定値",
    "truth.column": "真値：{name}",
    "truth.stated": "記載された真値",
    "truth.no_number": "「truth_small_ev_percent」の列に数値のある試料がないため図はない。記載内容は表に示す。",
    "truth.unreadable.other": "{n}件の記載は数値でないため図から除いた。表には示してある。",
    "truth.agree": (
        "真の内容が判定区分で記載された試料は{n}件で、うち{k}件で判定と真の内容が一致し、{open}件は判定不能である。"
        "他の言葉で記載された試料は{other}件である。"
    ),
    # specification
    "specification.intro": (
        "構成ファイルで指定された規格（判定基準）に対する結果。ロット全体の結果は重要度「出荷判定」の項目のみで決ま"
        "り、「警戒」及び「参考」の項目は併記する。結論保留：区間が規格値をまたぐ。未試験：測定値が与えられていない。"
        "評価不能：その試料のプロテオームからは分からない。"
    ),
    "specification.caption": "{specification}、ロット {lot}",
    "specification.no_lot": "（ロット名なし）",
    "specification.none": (
        "構成ファイルに出荷規格が指定されていない（キー「specifications」）ため、判定基準と照合したロットはない。"
    ),
    "specification.no_table": (
        "表 specification.tsv がない。出荷評価の段階が実行されておらず、判定基準と照合したロットはない。"
    ),
    "specification.no_rows": (
        "出荷規格（{names}）が指定されているが、出荷評価の段階で結果が出力されていない。理由はその段階の警告を参照"
        "すること。"
    ),
    "specification.overview": "ロット別の結果：ロット全体の結果及び結果別の件数（ロットの各試料は個別に評価する）",
    "specification.overall": "ロット全体",
    "specification.name": "規格",
    "specification.lot_name": "ロット",
    "specification.level": "評価単位",
    "specification.on_demand": (
        "{n}試料あるため、各試料の結果はその詳細表示（「判定の根拠」の「試料ごとの内訳」）に示す。ここではロットの"
        "結果を示す。"
    ),
    "specification.sample_empty": "この試料に適用された規格はない。",
    "level_of.sample": "試料",
    "level_of.lot": "ロット",
    "level_of.whole_lot": "ロット全体",
    "level_of.whole_sample": "試料全体",
    "specification.lot": "規格及びロット",
    "specification.failed": "不適合項目",
    "specification.sample": "試料",
    "specification.criterion": "規格項目",
    "specification.value": "測定値",
    "specification.range": "90%区間",
    "specification.limit": "規格値",
    "specification.severity": "重要度",
    "specification.result": "結果",
    "specification.reason": "理由",
    "specification.source": "規格値の根拠",
    # warnings
    "warnings.intro": (
        "各段階で注意を要すると認められた事項をすべて示す。警告は判定の読み方を変えることがあり、注記は説明である。"
    ),
    "warnings.none": "警告及び注記はなかった。{n}個の警告表を読み込んだ。",
    "warnings.level_none": "なし。",
    "warnings.caption": "「{stage}」の段階の{level}",
    "warnings.subject": "対象",
    "warnings.count": "件数",
    "warnings.message": "内容",
    "warnings.code": "コード",
    # methods
    "methods.intro": "実施した内容を、この実行での設定とともに示す。",
    "methods.sources": "出典",
    "methods.card_heading": "スコアモデルの評価方法",
    "methods.card": "モデルカード：スコアモデルの学習データと評価方法",
    "methods.card_absent": "スコアモデルにモデルカードが添えられていない。",
    "methods.input.title": "入力",
    "methods.input": (
        "検索結果{inputs}件（形式の設定：{formats}）から、生物種 {organism} の{samples}試料を得た。{fasta}"
    ),
    "methods.fasta": (
        "このうち{n}件には検索に用いたデータベースが与えられており、検索されていないタンパク質をそれと判別できる。"
    ),
    "methods.no_fasta": (
        "検索に用いたデータベースは与えられていない。表のどのランにもないタンパク質は、存在しないのではなく検索対象"
        "外とみなす。"
    ),
    "methods.zero": "シグナル強度のゼロと欠測は、いずれも測定されなかったものとして扱う。sEVident は値を補完しない。",
    "methods.quantity.title": "量",
    "methods.mass": "質量割合：試料のシグナル強度の総和に占めるタンパク質グループの割合。工程由来の混入物は除く。",
    "methods.molar": "モル割合：シグナル強度を代表タンパク質の長さで除し、同様に規格化したもの。",
    "methods.untouched": (
        "組成は規格化前のシグナル強度で評価する。中央値又は分位点による規格化は組成の変化を隠すためである。"
    ),
    "methods.panels.title": "マーカーファミリー",
    "methods.panels": (
        "{n}のマーカーファミリーを評価した：MISEV2018 表3のカテゴリー、日本再生医療学会（JSRM）の「エクソソーム等の"
        "調製・治療に対する考え方」が挙げるファミリー、区画、及び定量研究によるリスト。マーカーの重みは、測定されて"
        "いる場合、産生細胞に対して小型EVにどの程度濃縮されるかに従う。"
    ),
    "methods.absence": (
        "見つからなかったマーカーは、不検出、検索対象外又は評価不能のいずれかとする。CD63やCD81のようにペプチドが得"
        "られにくいマーカーを不在と数えることはない。"
    ),
    "methods.compartments": (
        "組成では、パネルにより各タンパク質グループに区画を与える。小胞の内にも外にも見いだされるもの（アクチン、"
        "アネキシン、解糖系酵素、インテグリン）は、区分既知の試験から求めた一定の割合を小胞由来として数える。これ"
        "は、小胞、細胞、セクレトーム及び血漿を等量混ぜたときに小胞から来る割合である。可溶性タンパク質、細胞小器"
        "官のタンパク質及び赤血球のタンパク質は分割せず、全量をその区画に数える。割合はどの試料でも同じであるため"
        "、試料を混ぜれば組成も同じ比で混ざり、細胞溶解液も小胞の割合を示す（12～20%、血漿そのものは0.1%）。調製物"
        "の値はこれと並べて読む。90%区間は、たまたま測定されたタンパク質による変動と、割合が参照の個々の研究室に依"
        "存する程度とを含み、除外した研究室に対して成り立つまで広げてある。どのパネルにも参照プロファイルにも属さ"
        "ないものは、その旨を示す。"
    ),
    "methods.scores.title": "スコア",
    "methods.prominence": (
        "ファミリーの顕著度：順位 r のタンパク質を max(0, 1 − ln r / ln {n0}) と数え、顕著度の高いものから重みの和"
        "が {top} になるまで平均する（べき平均、指数 {power}）。ただし r は、タンパク質質量に占める割合に見合う順位（"
        "{top_share}%で1位、{least_share}%で {n0} 位、その間は両対数で直線）より上位には数えない。"
    ),
    "methods.identity": (
        "同一性：{vesicle}の顕著度の平均から、{inside}の顕著度の平均の{slope}倍を差し引き、ロジスティック尺度で表す。"
        "{low} で0.1（参照データの他の区分の中央値の最大）、{half} で0.5、{high} で0.9（参照データの小型EVの中央値）"
        "とする。"
    ),
    "methods.purity": (
        "純度：小胞の質量割合と可溶性タンパク質（{soluble}）の質量割合とのlog2比（尺度：{s_low} で0.1、{s_half} で"
        "0.5、{s_high} で0.9）、及び細胞内タンパク質（{inside}）の質量割合とのlog2比（尺度：{i_low} で0.1、{i_half}"
        " で0.5、{i_high} で0.9）。0.5は、タンパク質質量で半々の混合物が示す値である。二つを合算することはなく、低"
        "い方を純度として示す。重みの小さいマーカーは報告するが、スコアには用いない。"
    ),
    "methods.paired": (
        "試料の reference_group に原料体液、培養上清又は産生細胞溶解液がある場合（対照比較）、それとの差（二つの中"
        "央値の間隔を限度とする）により、対数オッズをその重みの{weight}だけ動かす。対照の残存は、原料体液又は培養上清で"
        "は可溶性タンパク質、細胞溶解液では細胞内タンパク質について、試料における質量割合を対照における質量割合で除した"
        "値の中央値とする（半々の混合物では半分以上が残る）。残存を求めるにはタンパク質が少なすぎる対照は、スコアを上げ"
        "ない。それ以外は絶対評価とする。"
    ),
    "methods.classes": (
        "小型EVである確率：同一性の対数オッズとし、低い方の純度のオッズの9倍を上限とした上で、除外した研究室に対し"
        "て較正する（Platt法：対数オッズ上の直線）。四つの区分の事前確率は等しいとする。残りは、可溶性及び細胞内の"
        "顕著度に対する多項ロジスティック回帰により、セクレトーム、血清及び細胞残渣に配分する。"
    ),
    "methods.reference": (
        "尺度は、区分の分かっている公開の{samples}試料に基づく。このうち小型EVは{small}試料で、わずか{studies}試験"
        "に由来する。次の施設がどの程度異なるかは区間に含まれない。"
    ),
    "methods.intervals.title": "区間",
    "methods.intervals": (
        "スコアの90%区間は、ファミリーの構成タンパク質及び割合の対象タンパク質に対するベイジアンブートストラップ"
        "{draws}回（乱数の種 {seed}）から求める。対照比較では対照試料も再標本化する。"
    ),
    "methods.widened": "表に補完、選別又は混入物の除去が認められる場合は区間を広げ、警告に示す。",
    "methods.verdict.title": "判定",
    "methods.verdict": (
        "小型EV調製物：小型EVである確率の90%区間の全体が {probability} 以上にあり、可溶性純度はその90%区間の全体が"
        "、細胞内純度は推定値が {purity} 以上にある。対照比較では、さらに対照の残存が {left}% 以下である（可溶性タンパ"
        "ク質では区間の全体）。可溶性セクレトーム、血清優位又は細胞残渣：同一性の90%区間の全"
        "体が {identity} を、小型EVである確率が {probability} を下回り、三者の確率のうち当該区分が {share}% 以上を"
        "占める。それ以外は判定不能とする。疑義があるときは常に、小型EV調製物と判定しない側に倒す。"
    ),
    "methods.least": (
        "タンパク質グループが{proteins}未満の場合は、可溶性タンパク質がタンパク質質量の{bulk}%以上を占めるときに限"
        "り、可溶性セクレトーム又は血清優位とのみ判定する。{few}未満の場合、又は既知のファミリーがタンパク質質量の"
        "{mass}%未満しか占めない場合は判定しない。免疫グロブリン及び赤血球タンパク質が{blood}%を超える試料は、可溶"
        "性セクレトームと判定しない。"
    ),
    "methods.domain": (
        "最も近い区分既知の参照試料までの距離が {limit} を超える場合も判定しない。これは、参照試料のいずれかが他の"
        "研究室の最も近い試料から離れている最大の距離である（スコアの軸上の距離。区分の異なる典型的な試験の間がお"
        "よそ1）。"
    ),
    "methods.misev": "MISEV2018 最低要件は判定と並べて報告し、判定には用いない。",
    "methods.corona": (
        "小胞とともに見つかる血清タンパク質は、その表面に結合している可能性がある。共に単離された、又は結合したもの"
        "として報告する。"
    ),
    # provenance
    "provenance.intro": (
        "これらのファイル、この構成及びこれらの版により、本報告書を作成日時を除きバイト単位で再現できる。"
    ),
    "provenance.time": "作成日時",
    "provenance.time_fixed": "{time}（SOURCE_DATE_EPOCH による指定）",
    "provenance.version": "sEVident",
    "provenance.software": "ソフトウェア",
    "provenance.software_caption": "本報告書に用いたソフトウェアの版",
    "provenance.component": "構成要素",
    "provenance.release": "版",
    "provenance.files": "ファイル",
    "provenance.files_caption": "入力ファイル及びそのSHA-256チェックサム",
    "provenance.files_empty": "報告書に入力ファイルが指定されていないため、チェックサムを示せない。",
    "provenance.file": "ファイル",
    "provenance.kind": "種類",
    "provenance.size": "サイズ",
    "provenance.checksum": "SHA-256",
    "provenance.source": "入力",
    "provenance.sheet": "試料シート",
    "provenance.resource": "資源",
    "provenance.many_files": "{n}ファイル",
    "provenance.configuration": "構成",
    "provenance.configuration_note": "既定値を補った確定後の内容。",
    "provenance.absent": "未導入",
    # glossary
    "glossary.ev.term": "EV（細胞外小胞）",
    "glossary.ev.text": "extracellular vesicle：細胞から放出される、脂質二重膜に囲まれた粒子。",
    "glossary.small_ev.term": "小型EV（小型細胞外小胞）",
    "glossary.small_ev.text": (
        "small EV（sEV）：細胞内での由来を問わず、およそ100 nm以下のEV。「エクソソーム」は厳密には多胞性エンドソー"
        "ムに由来するもののみを指す。"
    ),
    "glossary.secretome.term": "セクレトーム",
    "glossary.secretome.text": "細胞が可溶性タンパク質として放出するもの。細胞外マトリックスを含む。",
    "glossary.identity.term": "同一性",
    "glossary.identity.text": (
        "0～1のスコア：同じ試料中の細胞成分で説明できる程度を超えて、小胞タンパク質がどの程度際立つか。"
    ),
    "glossary.purity.term": "純度",
    "glossary.purity.text": "0～1のスコア：可溶性タンパク質に対する純度と細胞内タンパク質に対する純度の低い方。",
    "glossary.serum_load.term": "血清負荷",
    "glossary.serum_load.text": (
        "試料のシグナル強度に占めるウシタンパク質の推定割合（serum_load_bovine）。共有ペプチドは生物種間で配分する。"
    ),
    "glossary.rank_percentile.term": "順位パーセンタイル",
    "glossary.rank_percentile.text": (
        "試料中の存在量の順位におけるタンパク質の位置。1（最も多い）から0（最も少ない）。"
    ),
    "glossary.mass_share.term": "質量割合",
    "glossary.mass_share.text": "試料の全タンパク質のシグナル強度の総和に占める割合。工程由来の混入物は除く。",
    "glossary.molar_share.term": "モル割合",
    "glossary.molar_share.text": "各シグナル強度をタンパク質の長さで除した上での同様の割合。",
    "glossary.log2_change.term": "log2変化",
    "glossary.log2_change.text": "log2割合の差：+1は2倍、−1は半分。",
    "glossary.log_odds.term": "対数オッズ",
    "glossary.log_odds.text": "ln(p / (1 − p))。0は p = 0.5、+2.2は p = 0.9、−2.2は p = 0.1 に当たる。",
    "glossary.protein_group.term": "タンパク質グループ",
    "glossary.protein_group.text": "見つかったペプチドでは区別できないタンパク質を一つとして数えたもの。",
    "glossary.matched_between_runs.term": "ラン間照合",
    "glossary.matched_between_runs.text": "別のランで同定されたことに基づき、質量と時間のみで認識されたペプチド。",
    "glossary.ms2.term": "MS2スペクトル",
    "glossary.ms2.text": "フラグメントスペクトル。「自身のMS2による」：その試料自体でペプチドが同定された。",
    "glossary.family.term": "マーカーファミリー（パネル）",
    "glossary.family.text": "テトラスパニンのように同じことを示すタンパク質のリスト。それぞれに公表された出典がある。",
    "glossary.compartment.term": "区画",
    "glossary.compartment.text": (
        "試料のタンパク質が属するところ：小胞、血清、マトリックス、又は細胞の一部。全区画の割合の和は100%である。"
    ),
    "glossary.probability.term": "各区分である確率",
    "glossary.probability.text": (
        "四種類の材料がいずれも同じ頻度であるとしたときに、スコアモデルが与える各区分の確率。モデルが学習していない"
        "施設のデータでこの確率がどの程度当たったかは、モデルカードに示す。"
    ),
    "glossary.misev2018.term": "MISEV2018",
    "glossary.misev2018.text": (
        "Minimal Information for Studies of Extracellular Vesicles 2018：国際細胞外小胞学会（ISEV）の指針。"
    ),
    "glossary.reference_mode.term": "参照方式",
    "glossary.reference_mode.text": (
        "対照比較：同一試験の材料と比較する。絶対評価：公開の参照プロファイルとのみ比較する。"
    ),
    "glossary.interval.term": "90%区間",
    "glossary.interval.text": (
        "スコア又は割合の場合：基礎となるタンパク質の重みを付け直したとき（ブートストラップ）、10回のうち9回その値"
        "が収まる範囲。ロットの平均又は製法の差の場合：信頼区間。"
    ),
    "glossary.prominence.term": "顕著度",
    "glossary.prominence.text": (
        "マーカーファミリーのタンパク質が、試料中の存在量の順位でどの程度上位にあるか。0～1。"
    ),
    "glossary.co_isolated.term": "共単離",
    "glossary.co_isolated.text": (
        "小胞の一部ではないが小胞とともに集められたもの、又は小胞の表面に結合したもの。そのどちらであるかはプロテオ"
        "ームからは分からない。"
    ),
}
