"""Why a verdict was given, in Japanese: a sentence per rule of the verdict, then the facts that stand beside it."""

from __future__ import annotations

JAPANESE_REASONS: dict[str, str] = {
    "reason.small_ev_clear": (
        "小型EVである確率 {p_small_ev}、その90%区間の全体及び二つの純度が {purity_limit} 以上。同一性 {identity}（"
        "90%区間 {identity_low}～{identity_high}）"
    ),
    "reason.purity_doubt": (
        "小胞マーカーは明瞭で小型EVである確率は {p_small_ev} であるが、純度に疑義がある：可溶性タンパク質に対して"
        " {soluble}（{soluble_low}～{soluble_high}）、細胞内タンパク質に対して {inside}（{inside_low}～{inside_high}"
        "）。いずれも {purity_limit} に達する必要がある"
    ),
    "reason.reference_left": (
        "小胞マーカーは明瞭で小型EVである確率は {p_small_ev} であるが、同一試験の原料体液、培養上清又は細胞溶解液の"
        " {left_limit}% を超える部分が残っている"
    ),
    "reason.identity_spans_limit": (
        "小型EVである確率 {p_small_ev}：90%区間を含めると決まらない。"
        "同一性 {identity}（90%区間 {identity_low}～{identity_high}）"
    ),
    "reason.alternative_clear": (
        "同一性 {identity}（90%区間 {identity_low}～{identity_high}）が {limit} を下回り、他の区分のうち「{verdict}」"
        "の確率が最も高い（確率 {p}）"
    ),
    "reason.no_alternative": (
        "同一性 {identity}（90%区間 {identity_low}～{identity_high}）が {limit} を下回るが、他の区分のいずれも際立"
        "たない"
    ),
    "reason.too_few_proteins": (
        "定量されたタンパク質グループが{proteins}にとどまる。{least}未満では、マーカーが見つからないことに意味はない"
    ),
    "reason.organism_without_panels": "この試験の生物種に対応するマーカーパネルがない",
    "reason.little_known_mass": (
        "パネルが把握するタンパク質質量が{least_mass}%に満たない。生物種の指定と遺伝子記号の有無を確認すること"
    ),
    "reason.blood_in_secretome": (
        "同一性 {identity}（90%区間 {identity_low}～{identity_high}）が {limit} を下回るが、免疫グロブリン及び赤血"
        "球タンパク質がタンパク質質量の{blood_limit}%を超える。ヒト血清を含まない培養上清にはあり得ないため、組織"
        "又は体液か"
    ),
    "reason.outside_domain": ("この試料に似た区分既知の参照試料がない：最も近いものでも、参照の及ぶ範囲より遠い"),
    # shown for a rule that has no entry of its own
    "reason.unknown": "同一性 {identity}（90%区間 {identity_low}～{identity_high}）",
    "reason.strongest": "最も強い小胞パネル：{panel}、顕著度 {value}",
    "reason.shares": "タンパク質質量に占める割合：小胞 {vesicle}%、可溶性 {soluble}%、細胞内 {inside}%",
    "reason.reference_raises": "同一試験内の対照との比較により{quantity}が上がる（対数オッズ {value}）",
    "reason.reference_lowers": "同一試験内の対照との比較により{quantity}が下がる（対数オッズ {value}）",
    "reason.reference_is_silent": "同一試験内の対照との比較によって{quantity}は変わらない",
    "reason.left_soluble": (
        "同一試験の原料体液又は培養上清の可溶性タンパク質は、タンパク質質量当たり {left_soluble}%（90%区間"
        " {left_soluble_low}～{left_soluble_high}%）が残っている"
    ),
    "reason.left_intracellular": (
        "同一試験の細胞溶解液の細胞内タンパク質は、タンパク質質量当たり {left_intracellular}%（90%区間"
        " {left_intracellular_low}～{left_intracellular_high}%）が残っている"
    ),
    "reason.misev.yes": "MISEV2018 最低要件（カテゴリー1及び2の存在、陰性対照の評価）：充足",
    "reason.misev.no": "MISEV2018 最低要件（カテゴリー1及び2の存在、陰性対照の評価）：不充足",
    "reason.misev.not_assessable": "MISEV2018 最低要件（カテゴリー1及び2の存在、陰性対照の評価）：評価不能",
    # the summands of a score
    "contribution.vesicle": "{panel}の顕著度（小胞マーカー）、0～1",
    "contribution.intracellular": "{panel}の顕著度（細胞内成分に伴うもの）、0～1",
    "contribution.scale": "尺度の中点の位置",
    "contribution.own_reference": "同じ群の対照との差",
    "contribution.vesicle_share": "タンパク質質量に占める小胞の割合",
    "contribution.soluble_share": "タンパク質質量に占める可溶性タンパク質の割合",
    "contribution.intracellular_share": "タンパク質質量に占める細胞内タンパク質の割合",
    "term.scale": "尺度",
    "term.own_reference": "同一試験内の対照",
    "term.vesicle_share": "小胞の割合",
    "term.soluble_share": "可溶性の割合",
    "term.intracellular_share": "細胞内の割合",
    # why a marker is not assessable or not searched
    "note.lacking": "検索したデータベースにない",
    "note.process": "工程由来の混入物としてのみ収載されている",
    "note.seldom": "検索で見つかるペプチドが得られにくい",
    "note.few": "この試料のタンパク質グループが100未満である",
    "note.not_held": "入力のどのランにもなく、データベースが与えられていない",
    "note.imputed": "補完値であり、測定されたものではない",
}
