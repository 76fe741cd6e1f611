"""The page in Japanese: one catalogue, put together from a file per topic (``text_ja_*``).

Terms follow the position paper of the Japanese Society for Regenerative Medicine (2021) and the Japanese texts of ICH
Q5E and Q6B. Japanese has one form for one and for many: a key that ends in ``.one`` is written down only where the
sentence differs from that of ``.other``.
"""

from __future__ import annotations

from sevident.report.text_ja_annex import JAPANESE_ANNEX
from sevident.report.text_ja_form import JAPANESE_FORM
from sevident.report.text_ja_panels import JAPANESE_PANELS
from sevident.report.text_ja_reasons import JAPANESE_REASONS
from sevident.report.text_ja_release import JAPANESE_RELEASE
from sevident.report.text_ja_risks import JAPANESE_RISKS
from sevident.report.text_ja_warnings import JAPANESE_WARNINGS

_WRITTEN: dict[str, str] = {
    # page
    "page.title": "sEVident 報告書：{study}",
    "page.kicker": "小型細胞外小胞（small EV）：プロテオームに基づく同一性と純度の評価",
    "page.skip": "判定表へ移動",
    "page.contents": "目次",
    "page.made": "作成日時 {time}　sEVident {version}",
    "page.noscript": (
        "スクリプトが無効である。本文と表はすべて読めるが、図の表示、並べ替え及び絞り込みにはスクリプトが必要である。"
    ),
    "page.simulated": "模擬データ",
    "page.simulated_all": (
        "本試験の全{n}試料は模擬データである。本報告書は sEVident の動作を示すものであり、実在の調製物については何"
        "も示さない。"
    ),
    "page.simulated_some": (
        "全{n}試料のうち{k}試料は模擬データである。「模擬」と表示してあり、実在の調製物については何も示さない。"
    ),
    "page.footer": (
        "sEVident {version}。本報告書は外部から何も読み込まない。本文、図及び数値はすべてこのファイルに含まれる。"
    ),
    # figure
    "figure.noscript": "図の表示にはスクリプトが必要である。図の数値は下の表に示す。",
    "figure.numbers": "この図の数値",
    # section
    "section.summary": "要約",
    "section.verdicts": "判定",
    "section.why": "判定の根拠",
    "section.species": "生物種",
    "section.truth": "真値と推定値の対比",
    "section.specification": "出荷規格",
    "section.warnings": "警告",
    "section.methods": "方法",
    "section.provenance": "来歴",
    "section.glossary": "用語集",
    # verdict
    "verdict.small_ev": "小型EV調製物",
    "verdict.secretome": "可溶性セクレトーム",
    "verdict.serum": "血清優位",
    "verdict.cell_debris": "細胞残渣",
    "verdict.indeterminate": "判定不能",
    "verdict.": "スコアなし",
    # class
    "class.small_ev": "小型EV",
    "class.secretome": "セクレトーム",
    "class.serum": "血清",
    "class.cell_debris": "細胞残渣",
    # role
    "role.preparation": "調製物",
    "role.source_fluid": "原料体液",
    "role.conditioned_medium": "培養上清",
    "role.producer_lysate": "産生細胞溶解液",
    "role.process_blank": "工程ブランク",
    "role.qualified_reference": "適格性確認済み参照品",
    # mode
    "mode.paired": "対照比較",
    "mode.absolute": "絶対評価",
    # misev
    "misev.yes": "充足",
    "misev.no": "不充足",
    "misev.not_assessable": "評価不能",
    # status
    "status.detected": "検出",
    "status.not_detected": "不検出",
    "status.not_searched": "検索対象外",
    "status.not_assessable": "評価不能",
    # result
    "result.pass": "適合",
    "result.fail": "不適合",
    "result.inconclusive": "結論保留",
    "result.not_tested": "未試験",
    "result.not_assessable": "評価不能",
    # level
    "level.warning": "警告",
    "level.info": "注記",
    # axis
    "axis.identity": "同一性",
    "axis.soluble": "可溶性",
    "axis.intracellular": "細胞内",
    "axis.species": "生物種",
    "axis.descriptive": "記述のみ",
    "axis.exploratory": "探索的",
    # quantity
    "quantity.identity": "同一性",
    "quantity.purity_soluble": "可溶性タンパク質に対する純度",
    "quantity.purity_intracellular": "細胞内タンパク質に対する純度",
    "quantity.verdict": "判定",
    # summary
    "summary.judged.other": (
        "本報告書は、試験「{study}」の調製物{n}件を、測定されたタンパク質に基づいて判定したものである。"
    ),
    "summary.none": (
        "試験「{study}」には役割が「調製物」の試料がないため、判定は行っていない。参照試料のスコアのみを示す。"
    ),
    "summary.verdicts": "判定の内訳：{parts}。",
    "summary.part": "{verdict} {n}件",
    "summary.as": "{verdict} {n}件",
    "summary.of_role": "{role} {n}件",
    "summary.and": "{first}及び{last}",
    "summary.references.other": (
        "このほか{n}試料は参照試料（{parts}）であり、同じ方法でスコアを求め、役割を付して示す。"
    ),
    "summary.tiles": "判定別の試料数",
    "summary.tile_preparations": "調製物{total}件中{n}件",
    "summary.tile_references": "参照試料{total}件中{n}件",
    "summary.know": "判定を利用する前に知るべきこと",
    "summary.not_known": "分からないこと",
    # know
    "know.meaning": (
        "判定は、測定されたタンパク質がどの種類の材料に似ているかを、その不確かさとともに示すものである。小胞の存在"
        "を証明するものではなく、粒子数、粒子径、力価、安全性及び無菌性については何も示さない。"
    ),
    "know.interval": (
        "範囲は90%区間である。スコアが、たまたま測定されたタンパク質にどの程度依存するかを示すものであり、別の施設"
        "や別の調製で得られたであろう値までは含まない。"
    ),
    "know.absolute.other": (
        "調製物{n}件には、同一試験内で利用できる対照（原料体液、培養上清又は細胞溶解液）がない。公開の参照プロファ"
        "イルとのみ比較しており、証拠としては弱い。"
    ),
    "know.paired.other": "調製物{n}件は、同一試験内の対照と比較した（対照比較）。",
    "know.seen.other": (
        "調製物{n}件は区分既知の公開試料に極めて近く、おそらく同一の試料である（「試料ごとの内訳」参照）。モデルはこれ"
        "らを学習に用いているため、そのスコアは新しい試料に対するモデルの性能を示さない。"
    ),
    "know.indeterminate.other": (
        "調製物{n}件は判定不能である。これは証拠の状態を述べたものであり、陰性の結果ではない。"
    ),
    "know.unscored.other": "試料シートの{n}試料はスコアを求めていない：{names}。",
    "know.misev.other": (
        "調製物{n}件は MISEV2018 の最低要件（マーカーの存在）を満たさない：{names}。この最低要件は判定に用いない。"
    ),
    "know.misev_open.other": "調製物{n}件は MISEV2018 の最低要件を評価できない：{names}。",
    "know.specification": "出荷規格 {name} に対するロット全体の結果：{parts}（「出荷規格」参照）。",
    "know.fail.other": "出荷規格の{n}項目が不適合である。",
    "know.warnings.one": "警告が{n}件あった（「警告」参照）。",
    "know.warnings.other": "警告が{n}件あった（「警告」参照）。",
    "know.warnings_alike": "{first}（同種の警告{n}件のうち最初のもの）",
    "know.warnings_rest.other": "このほか{n}件の警告がある。",
    "know.no_warnings": "警告はなかった。",
    # unknown
    "unknown.topology": (
        "タンパク質が小胞の内部、表面、周囲のいずれにあるか。血清や細胞外マトリックスのタンパク質はコロナとして小胞"
        "に結合していることがあり、検出されたこと自体は不純物の証明にならない（Tóth et al. 2021）。"
    ),
    "unknown.count": "粒子の数と大きさ。別の方法で測定する必要がある。",
    "unknown.function": "有効性、安全性、無菌性、エンドトキシン及びウイルスの有無。タンパク質からは分からない。",
    "unknown.platelet_lysate": (
        "ヒト血小板溶解物を用いて培養した細胞の場合、ヒト血清・血小板タンパク質のどれが培地に由来するか。生物種では"
        "区別できず、培地のみの対照によってのみ区別できる。"
    ),
    "unknown.missing.other": (
        "マーカーの{n}項目（マーカー×試料）は評価不能又は検索対象外であり、肯定にも否定にも数えない。"
    ),
    "unknown.no_specification": "ロットが出荷規格に適合するか。結果がない（「出荷規格」参照）。",
    # verdicts
    "verdicts.intro": (
        "試料シートの1試料を1行に示す。同一性は、試料が小型EVにどの程度似ているかを表す。純度は、それ以外のものがど"
        "の程度少ないかを表し、二つのスコア（可溶性タンパク質及び細胞内タンパク質に対するもの）の低い方である。いず"
        "れも0～1で、90%区間を付す。四つの確率の和は1である。"
    ),
    "verdicts.caption": "試料ごとの判定、スコア及び理由",
    "verdicts.number": "番号",
    "verdicts.sample": "試料",
    "verdicts.role": "役割・参照方式",
    "verdicts.verdict": "判定",
    "verdicts.identity": "同一性",
    "verdicts.purity": "純度",
    "verdicts.probability": "各区分である確率",
    "verdicts.misev": "MISEV2018 最低要件",
    "verdicts.proteins": "タンパク質グループ数",
    "verdicts.reasons": "理由",
    "verdicts.empty": "試料シートに試料がない。",
    "verdicts.not_scored": "スコア算出の段階で、この試料の行が出力されていない。警告を参照すること。",
    "verdicts.no_reason": "スコア算出の段階で理由が示されていない。",
    "verdicts.simulated": "模擬",
    "verdicts.details": "内訳",
    "verdicts.sheet": "試料シートの記載",
    "verdicts.more.other": "ほか{n}件の理由",
    "verdicts.legend": "判定の意味",
    "verdicts.criteria": "判定基準：",
    "verdicts.mode_paired": (
        "参照方式　対照比較：同一試験の原料体液、培養上清又は細胞溶解液と比較した。絶対評価：公開の参照プロファイル"
        "とのみ比較した。"
    ),
    "verdicts.misev_note": (
        "MISEV2018 最低要件：膜貫通型又はGPIアンカー型マーカー（カテゴリー1）及び細胞質マーカー（カテゴリー2）が検"
        "出され、陰性対照（カテゴリー3又は4）が評価されていること。存在の有無のみを問う。現在の装置では血漿そのもの"
        "からもこれらのマーカーの大半が検出されるため、この要件は純度の証拠にならない。"
    ),
    # meaning
    "meaning.small_ev": "可溶性成分、血清又は細胞成分では説明できないほど小胞タンパク質が際立つ",
    "meaning.secretome": "分泌タンパク質とマトリックスタンパク質が小胞の特徴を上回る",
    "meaning.serum": "血漿又は血清のタンパク質が小胞の特徴を上回る",
    "meaning.cell_debris": "核、細胞小器官及び細胞質のタンパク質が小胞の特徴を上回る",
    "meaning.indeterminate": "証拠からは区分を分けられない。陰性の結果ではない",
    # control
    "control.search": "表内を検索",
    "control.verdict": "判定",
    "control.role": "役割",
    "control.all": "すべて",
    "control.shown": "全{total}試料中{shown}試料を表示",
    "control.reset": "すべて表示",
    "control.sort": "「{column}」で並べ替え",
    "control.sort_by": "並べ替え：",
    "control.sample": "試料",
    # why
    "why.intro": "判定の裏付けとなる証拠を示す：マーカーファミリー、組成、スコア、個々のマーカー及び試料ごとの内訳。",
    "why.grouped": "{n}試料あるため、図は群（調製物は判定別、参照試料は役割別）で示す。値は群の中央値である。",
    "why.grouped_mean": "{n}試料あるため、図は群（調製物は判定別、参照試料は役割別）で示す。値は群の平均値である。",
    "why.families.title": "マーカーファミリー",
    "why.families.caption": (
        "各ファミリーのうち検出されたタンパク質の順位パーセンタイルの中央値。1は試料中で最も多いタンパク質、0は最も"
        "少ないタンパク質を表す。順位は割合よりも装置間で比較しやすい。値のない升には記号を示す：− 検出されたものな"
        "し、∅ 検索対象なし、? 評価不能。可溶性及び細胞内の軸のファミリーは純度を下げる証拠である。記述のみのファミ"
        "リーは重みを付けずに示す。"
    ),
    "why.families.colour": "順位パーセンタイル",
    "why.families.table": "ファミリー及び試料ごとの検出数／収載数、順位パーセンタイルの中央値、log2モル割合",
    "why.families.empty": "ファミリーの表に行がない。この試験のタンパク質に対応するマーカーファミリーがなかった。",
    "why.family": "ファミリー",
    "why.axis": "軸",
    "why.paired.title": "同一試験内の対照からの変化",
    "why.paired.caption": (
        "軸に示した対照に対する、試料中の各ファミリーのlog2変化の中央値。青：対照より多い。橙：少ない。灰：両方で測"
        "定されたものがなく比較できない。細胞内ファミリーは、それをほとんど含まない体液に対しては増加し、産生細胞に"
        "対しては減少する。"
    ),
    "why.paired.colour": "log2変化",
    "why.paired.table": "ファミリー、試料及び対照ごとのlog2変化",
    "why.paired.empty": (
        "比較できなかった。ファミリーが測定された原料体液、培養上清、産生細胞溶解液又は工程ブランクと "
        "reference_group を共有する試料がない。"
    ),
    "why.against_role": "{role}に対して",
    "why.against": "{sample}：{role}に対して",
    "why.composition.title": "組成",
    "why.composition.caption": (
        "タンパク質シグナル強度の総和に占める区画別の割合。アクチンのように小胞の内にも外にも見いだされるものは一定の割合で分けて数えるため、細胞溶解液も小胞の割合を示す。工程由来の混入物（ケラチン、"
        "トリプシン）は除き、血清タンパク質は除かない。血清又はマトリックスのタンパク質の割合は、共に単離された、又"
        "は結合したものの量を表し、不純物の証明ではない。"
    ),
    "why.composition.axis": "タンパク質質量に占める割合（%）",
    "why.composition.table": "タンパク質質量に占める割合（%）及び得られる場合は90%区間",
    "why.composition.empty": "区画の表に行がない。どのタンパク質も区画に割り当てられなかった。",
    "why.map.title": "同一性と純度",
    "why.map.caption": (
        "各試料を90%区間とともに示す。番号は判定表の番号である。塗りつぶした記号は調製物、中抜きの記号は参照試料。"
        "小型EV調製物を支持するのは右上の領域のみである。"
    ),
    "why.map.x": "同一性",
    "why.map.y": "純度",
    "why.map.table": "スコア及び90%区間",
    "why.map.empty": "スコアを求めた試料がないため、図示するものがない。",
    "why.markers.title": "MISEV2018 カテゴリー別のマーカー",
    "why.markers.intro": (
        "MISEV2018 表3のカテゴリーによる（Théry et al. 2018）。+ に続く数値は、試料中でのそのマーカーの順位パーセン"
        "タイルである（100が最も多いタンパク質）。検出は純度を意味しない。カテゴリー1及び2は、3、4及び5と対比して読"
        "むこと。"
    ),
    "why.markers.legend": "記号：",
    # status_meaning
    "status_meaning.detected": "この試料で測定された",
    "status_meaning.not_detected": "検索したが見つからなかった",
    "status_meaning.not_searched": "検索したデータベースにない、又は表のどのランにもない：何も言えない",
    "status_meaning.not_assessable": (
        "見つからなかったが、ペプチドが得られにくい（CD63、CD81など）か、測定されたタンパク質が少なすぎる：見つから"
        "ないことは何も証明しない"
    ),
    # why
    "why.markers.overview": "検出され得たマーカーのうち検出された数。「保留」は評価不能又は検索対象外の数",
    "why.misev_title": "MISEV2018 表3 カテゴリー",
    "why.markers.category": "カテゴリー",
    "why.markers.summary": "{members}マーカー中{detected}マーカーが1試料以上で検出",
    "why.markers.table": "カテゴリー「{title}」のマーカー",
    "why.markers.gene": "遺伝子",
    "why.markers.accession": "アクセッション",
    "why.markers.empty": "マーカーの表に MISEV2018 カテゴリーの行がないため、示すものがない。",
    "why.markers.percentile": "パーセンタイル",
    "why.markers.cell": "{k}／{n}",
    "why.markers.blind": "保留{n}",
    "why.accounts.title": "試料ごとの内訳",
    "why.accounts.intro": (
        "各スコアを動かした要因を、寄与の大きい順に示す。寄与は対数オッズで表し、正はスコアを上げ、負は下げる。"
    ),
    "why.accounts.table": "{sample} のスコアへの寄与",
    "why.accounts.quantity": "スコア",
    "why.accounts.term": "項",
    "why.accounts.value": "値",
    "why.accounts.contribution": "寄与（対数オッズ）",
    "why.accounts.text": "説明",
    "why.accounts.empty": "寄与の表に行がない。スコア算出の段階でスコアの内訳が出力されていない。",
    "why.accounts.sample_empty": "この試料の内訳は出力されていない。",
    "why.many": "この試験には{limit}を超える{n}試料がある。個々のマーカーと寄与は、選択した1試料ずつ表示する。",
    "why.many_noscript": (
        "これにはスクリプトが必要である。完全な表は、試験の表フォルダーの markers.tsv 及び contributions.tsv にある。"
    ),
    "why.measured.title": "測定されたもの",
    "why.measured.caption": (
        "各試料の数値の基礎となるタンパク質グループの数。割合はシグナル強度の総和に対するもの。工程由来の混入物（ケ"
        "ラチン、トリプシン）はここでは数えるが、すべての割合から除く。培養血清由来、又はいずれとも判別できないと分"
        "類されたタンパク質は、その量こそが問題であるため、割合に残す。"
    ),
    "why.measured.empty": "存在量の表に行がない。",
    # measured
    "measured.groups": "表中のグループ数",
    "measured.analytes": "定量値あり",
    "measured.ms2": "自身のMS2による",
    "measured.matched": "ラン間照合のみ",
    "measured.imputed": "補完値",
    "measured.unknown": "根拠不明",
    "measured.process": "工程由来の混入物",
    "measured.process_share": "割合（%）",
    "measured.serum": "培養血清",
    "measured.serum_share": "割合（%）",
    "measured.ambiguous": "由来不明",
    # severity
    "severity.release": "出荷判定",
    "severity.alert": "警戒",
    "severity.information": "参考",
    **JAPANESE_ANNEX,
    **JAPANESE_RELEASE,
    **JAPANESE_RISKS,
    **JAPANESE_REASONS,
    **JAPANESE_WARNINGS,
    **JAPANESE_PANELS,
    **JAPANESE_FORM,
}

#: the sentence for many serves for one
_SAME_FOR_ONE = {
    f"{key.removesuffix('.other')}.one": words
    for key, words in _WRITTEN.items()
    if key.endswith(".other") and "{n}" in words
}
JAPANESE: dict[str, str] = {**_SAME_FOR_ONE, **_WRITTEN}
