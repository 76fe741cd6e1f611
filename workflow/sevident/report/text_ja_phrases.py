"""Sentences that the stages write into the tables, in Japanese (see ``phrases``): reasons, notes, and what was seen.

What the catalogues hold in both languages (titles, notes, limits of risks) is not repeated here.
"""

from __future__ import annotations

from sevident.report.text_ja_phrases_release import JAPANESE_PHRASES_RELEASE

_SPECIFICATION: dict[str, str] = {
    "at least {n}": "{n}以上",
    "at most {n}": "{n}以下",
    "at least {n} and at most {n2}": "{n}以上{n2}以下",
    "at least {n} {unit}": "{n} {unit} 以上",
    "at most {n} {unit}": "{n} {unit} 以下",
    "at least {n} and at most {n2} {unit}": "{n}以上{n2} {unit} 以下",
    "'{word}'": "「{word}」",
    "'{word}' or {words_}": "「{word}」又は{words_}",
    "all release criteria pass": "出荷判定の全項目に適合",
    "All attributes": "全項目",
    "'{word}' is not {limit_}": "「{word}」は{limit_}に該当しない",
    "'{word}' is {limit_}": "「{word}」は{limit_}に該当する",
    "{n} meets {limit_}": "{n}は{limit_}を満たす",
    "{n} does not meet {limit_}": "{n}は{limit_}を満たさない",
    "{n} ({n1} to {n2}) meets {limit_}": "{n}（{n1}～{n2}）は{limit_}を満たす",
    "{n} ({n1} to {n2}) does not meet {limit_}": "{n}（{n1}～{n2}）は{limit_}を満たさない",
    "the interval {n} ({n1} to {n2}) crosses the limit: {limit_}": "区間{n}（{n1}～{n2}）が規格値をまたぐ：{limit_}",
    "the interval {n} crosses the limit: {limit_}": "区間{n}が規格値をまたぐ：{limit_}",
    "{judged_} ({note_})": "{judged_}（{note_}）",
    "given as below {n}": "{n}未満と記載",
    "given as above {n}": "{n}超と記載",
    "mean of {n} entries of the sample sheet": "試料シートの{n}件の記載の平均",
    "computed from {a} and {b}": "{a} と {b} から算出",
    "there is no value": "値がない",
    "the sample sheet has no {column} for this sample": "試料シートにこの試料の {column} がない",
    "the sample sheet has no {column} for this lot": "試料シートにこのロットの {column} がない",
    "neither {column} nor {other} is in the sample sheet for this sample": (
        "試料シートにこの試料の {column} も {other} もない"
    ),
    "neither {column} nor {other} is in the sample sheet for this lot": (
        "試料シートにこのロットの {column} も {other} もない"
    ),
    "{column} is not above zero: there is no ratio": "{column} がゼロを超えないため、比が求められない",
    "one sample: the spread within the lot is not known": "1試料のみであり、ロット内のばらつきは不明",
    "one of {n} samples: the spread within the lot is not known": (
        "{n}試料中1試料のみであり、ロット内のばらつきは不明"
    ),
    "worst of {n} samples": "{n}試料中の最も悪い値",
    "worst of {n} of {n2} samples": "{n2}試料のうち{n}試料中の最も悪い値",
    "mean of {n} samples, of which {n1} pass by themselves": "{n}試料の平均、うち単独で適合{n1}試料",
    "mean of {n} of {n2} samples, of which {n1} pass by themselves": (
        "{n2}試料中{n}試料の平均、うち単独で適合{n1}試料"
    ),
    "release criteria: {counts_}": "出荷判定の項目：{counts_}",
    "alert criteria: {counts_}": "警戒の項目：{counts_}",
    "{n} pass": "適合{n}",
    "{n} fail": "不適合{n}",
    "{n} inconclusive": "結論保留{n}",
    "{n} not tested": "未試験{n}",
    "{n} not assessable": "評価不能{n}",
    "{n} fail ({names})": "不適合{n}（{names}）",
    "{n} inconclusive ({names})": "結論保留{n}（{names}）",
    "{n} not tested ({names})": "未試験{n}（{names}）",
    "{n} not assessable ({names})": "評価不能{n}（{names}）",
    "the specification has no release criteria, so nothing can be released by it": (
        "規格に出荷判定の項目がなく、この規格では出荷を判定できない"
    ),
    "too little was searched or could be seen": "検索され、又は検出され得たものが少なすぎる",
    "this sample has no identity": "この試料に同一性のスコアがない",
    "this sample has no {title}": "この試料に{title}の値がない",
    "panel {title} has no {column} in this sample": "この試料ではパネル {title} に {column} の値がない",
    "no member of {title} was searched and could have been seen": "{title} に、検索され検出され得たタンパク質がない",
    "{title} has no share in this sample": "この試料では {title} の割合がない",
    "no protein of {title} was searched": "{title} のタンパク質が検索されていない",
    "no {name} sequences are known to have been searched": "{name} の配列が検索されたか不明である",
    "{title} is not searched": "{title} は検索対象外",
    "{title} is not assessable": "{title} は評価不能",
    "{title} is in no panel": "{title} はどのパネルにもない",
    "{title} is detected and has no quantity": "{title} は検出されたが定量値がない",
    "no source: set your own": "根拠なし：各自で設定すること",
    "no source: set your own limit": "根拠なし：各自で規格値を設定すること",
}

#: titles of the specifications that come with the workflow
_TITLES: dict[str, str] = {
    "Minimum evidence of MISEV2018": "MISEV2018 の最低限の証拠",
    "Transmembrane, cytosolic and a negative control assessed": "膜貫通型及び細胞質マーカーの検出並びに陰性対照の評価",
    "Transmembrane or GPI-anchored proteins (category 1a) detected": (
        "膜貫通型又はGPIアンカー型タンパク質（カテゴリー1a）の検出"
    ),
    "Cytosolic membrane-binding proteins (category 2a) detected": "膜結合性の細胞質タンパク質（カテゴリー2a）の検出",
    "Identity above the middle of the scale": "同一性が尺度の中点以上",
    "Purity on the poorer axis above the middle of the scale": "純度（低い方の軸）が尺度の中点以上",
    "Purity on the poorer axis": "純度（低い方の軸）",
    "Particles per microgram of protein (needs a particle count and a protein assay)": (
        "タンパク質1 µg当たりの粒子数（粒子数及びタンパク質量の測定が必要）"
    ),
    "Example for small EVs of mesenchymal stromal cells": "間葉系幹細胞由来小型EVの規格例",
    "Particle concentration": "粒子濃度",
    "Particles per microgram of protein": "タンパク質1 µg当たりの粒子数",
    "Most frequent particle size": "最頻粒子径",
    "Sterility": "無菌",
    "Endotoxin": "エンドトキシン",
    "Mycoplasma": "マイコプラズマ",
    "Residual bovine serum albumin (immunoassay)": "残留ウシ血清アルブミン（免疫測定法）",
    "Bovine protein, share of the signal of the proteome": "ウシタンパク質がプロテオームのシグナルに占める割合",
    "Potency relative to a reference": "標準品に対する相対力価",
    "Identity of a small-EV preparation": "小型EV調製物としての同一性",
    "CD9 detected": "CD9の検出",
    "CD63 detected": "CD63の検出",
    "CD81 detected": "CD81の検出",
    "TSG101 detected": "TSG101の検出",
    "Tetraspanins detected": "テトラスパニンの検出",
    "Surface antigens of mesenchymal stromal cells detected (CD73, CD90, CD105)": (
        "間葉系幹細胞の表面抗原（CD73、CD90、CD105）の検出"
    ),
    "Calnexin (ER), share of the protein mass": "カルネキシン（小胞体）がタンパク質質量に占める割合",
    "GM130 (Golgi), share of the protein mass": "GM130（ゴルジ体）がタンパク質質量に占める割合",
    "an example, no guideline: replace every limit by your own": (
        "例示であり指針ではない：すべての規格値を各自の値に置き換えること"
    ),
    # kinds of reference samples
    "plasma": "血漿",
    "lysate": "細胞溶解液",
    "cell fraction": "細胞画分",
}

_VERDICTS: dict[str, str] = {
    "probability of small EVs {n} (90% interval {n1} to {n2})": "小型EVである確率{n}（90%区間{n1}～{n2}）",
    "probability of small EVs {n} (90% interval {n1} to {n2}) and both purities lie above {n3}": (
        "小型EVである確率{n}（90%区間{n1}～{n2}）及び二つの純度が{n3}を上回る"
    ),
    "probability of small EVs {n} (90% interval {n1} to {n2}) does not settle it": (
        "小型EVである確率{n}（90%区間{n1}～{n2}）では決まらない"
    ),
    "identity {n} (90% interval {n1} to {n2})": "同一性{n}（90%区間{n1}～{n2}）",
    "identity {n} (90% interval {n1} to {n2}) lies below {n3}": "同一性{n}（90%区間{n1}～{n2}）が{n3}を下回る",
    "vesicle markers are clear": "小胞マーカーは明瞭である",
    "but {doubt_}": "ただし{doubt_}",
    "soluble purity {n} ({n1} to {n2}) lies below {n3}": (
        "可溶性タンパク質に対する純度{n}（{n1}～{n2}）が{n3}を下回る"
    ),
    "intracellular purity {n} ({n1} to {n2}) lies below {n3}": (
        "細胞内タンパク質に対する純度{n}（{n1}～{n2}）が{n3}を下回る"
    ),
    "soluble purity {n} ({n1} to {n2}) lies below {n3} and {other_}": (
        "可溶性タンパク質に対する純度{n}（{n1}～{n2}）が{n3}を下回り、{other_}"
    ),
    "soluble purity {n} ({n1} to {n2}) is not clearly above {n3}": (
        "可溶性タンパク質に対する純度{n}（{n1}～{n2}）が{n3}を明確には上回らない"
    ),
    "soluble purity {n} ({n1} to {n2}) is not clearly above {n3} and {other_}": (
        "可溶性タンパク質に対する純度{n}（{n1}～{n2}）が{n3}を明確には上回らず、{other_}"
    ),
    "but no alternative stands out": "他の区分のいずれも際立たない",
    "but immunoglobulins and erythrocyte proteins make up {n}% of the protein mass": (
        "ただし免疫グロブリンと赤血球タンパク質がタンパク質質量の{n}%を占める"
    ),
    "which no conditioned medium without human serum holds: a tissue or a body fluid?": (
        "これはヒト血清を含まない培養上清ではあり得ない：組織又は体液ではないか"
    ),
    "of the probability of the other three classes it has {n}%": (
        "小型EV以外の三区分の確率のうち、この区分が{n}%を占める"
    ),
    "there are no marker panels for organism '{name}'": "生物種「{name}」に対応するマーカーパネルがない",
    "only {n} protein groups are quantified": "定量されたタンパク質グループが{n}にとどまる",
    "below {n} absence means nothing": "{n}未満では、見つからないことに意味はない",
    "the panels know only {n}% of the protein mass: is the organism right, are there genes?": (
        "パネルが把握するタンパク質質量は{n}%にとどまる。生物種の指定と遺伝子記号の有無を確認すること"
    ),
    "no labelled sample of the reference is like this one: the nearest lies {n} away": (
        "区分既知の参照試料に似たものがない：最も近いものまでの距離は{n}"
    ),
    "and the reference reaches {n}": "参照試料の及ぶ範囲は{n}",
    "strongest vesicle panel: {title_}, prominence {n}": "最も強い小胞パネル：{title_}、顕著度{n}",
    "best marker {name}": "最上位のマーカー {name}",
    "none of the vesicle markers is detected": "小胞マーカーは検出されていない",
    "share of protein mass: vesicular {n}%, soluble {n1}%, intracellular {n2}%": (
        "タンパク質質量に占める割合：小胞{n}%、可溶性{n1}%、細胞内{n2}%"
    ),
    "comparison with the group's {roles_} raises {code_} ({n} log-odds)": (
        "同じ群の{roles_}との比較により{code_}が上がる（対数オッズ{n}）"
    ),
    "comparison with the group's {roles_} lowers {code_} ({n} log-odds)": (
        "同じ群の{roles_}との比較により{code_}が下がる（対数オッズ{n}）"
    ),
    "comparison with the group's {roles_} does not change {code_} ({n} log-odds)": (
        "同じ群の{roles_}との比較により{code_}は変わらない（対数オッズ{n}）"
    ),
    "log2": "log2",
    "logit": "対数オッズ",
}

JAPANESE_PHRASES: dict[str, str] = {
    **_SPECIFICATION,
    **_TITLES,
    **JAPANESE_PHRASES_RELEASE,
    **_VERDICTS,
}
