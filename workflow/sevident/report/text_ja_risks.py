"""The items of the five risks, and what mass spectrometry cannot show of each, in Japanese."""

from __future__ import annotations

JAPANESE_RISKS: dict[str, str] = {
    "risk_item.virus": "ウイルスタンパク質",
    "risk_item.mycoplasma": "マイコプラズマタンパク質",
    "risk_item.bacteria": "細菌タンパク質",
    "risk_item.fungi": "真菌タンパク質",
    "risk_item.other_organism": "その他の生物のタンパク質",
    "risk_item.xenogeneic_protein": "ウシ以外の動物のタンパク質",
    "risk_item.bovine_protein": "ウシタンパク質",
    "risk_item.hla": "HLAクラスI及びII",
    "risk_item.costimulation": "共刺激分子",
    "risk_item.immunoglobulin": "免疫グロブリン",
    "risk_item.complement": "補体",
    "risk_item.complement_regulators": "補体の膜制御因子（保護的）",
    "risk_item.cytokines": "サイトカイン及び増殖因子",
    "risk_item.proteases": "プロテアーゼ",
    "risk_item.platelet_proteins": "血小板タンパク質",
    "risk_item.erythrocyte_proteins": "赤血球タンパク質",
    "risk_item.tissue_factor": "組織因子及びホスファチジルセリン",
    "risk_item.soluble_protein": "混入した可溶性タンパク質",
    "risk_item.intracellular_protein": "混入した細胞内タンパク質",
    "risk_item.between_lots": "ロット間のばらつき",
    "risk_item.lots_out_of_control": "管理限界を外れたロット",
    "risk_item.processes": "製法間の同等性",
    "risk_item.organ_integrins": "臓器指向性に関わるインテグリン",
    "risk_item.adhesion": "接着分子",
    "risk_limits.virus": (
        "検索したものしか見つからず、微量のタンパク質は見落とされる。見つからないことはウイルス安全性の証明ではなく、"
        "タンパク質は感染性粒子ではない。ウイルス安全性は、原料、外来性感染性物質及びウイルス除去に関する試験により"
        "示される。"
    ),
    "risk_limits.mycoplasma": (
        "検索したものしか見つからず、微量のタンパク質は見落とされる。培養法、指標細胞法又は核酸増幅法によるマイコプ"
        "ラズマ否定試験に代わるものではない。"
    ),
    "risk_limits.bacteria": (
        "検索したものしか見つからず、微量のタンパク質は見落とされる。無菌試験でもエンドトキシン試験でもない。細菌タ"
        "ンパク質は組換え試薬に由来することもある。"
    ),
    "risk_limits.fungi": (
        "検索したものしか見つからず、微量のタンパク質は見落とされる。無菌試験ではない。酵母タンパク質は組換え試薬又"
        "は培地に由来することもある。"
    ),
    "risk_limits.other_organism": (
        "検索したものしか見つからず、微量のタンパク質は見落とされる。生物種は名称のみで判別しており、これらの名称は"
        "ここで知られている分類に属さない。"
    ),
    "risk_limits.xenogeneic_protein": (
        "動物が試験の生物種と共有する配列は区別できない。どの量であれば安全か、又は反応を起こすかは知られていない。"
    ),
    "risk_limits.bovine_protein": (
        "タンパク質シグナルに占める割合であり、1回投与当たりの量でも残留アルブミンの測定値でもない。これに対する抗"
        "体は見えない。"
    ),
    "risk_limits.hla": "アレル、小胞上の密度、ドナーとの適合性及び同種抗体は見えない。アレル間でペプチドが共通する。",
    "risk_limits.costimulation": (
        "見つからないのは測定の深さが足りないだけの可能性がある。これらのタンパク質は微量である。機能は見えない。"
    ),
    "risk_limits.immunoglobulin": "抗体が何に結合するか、小胞上にあるのか周囲にあるのかは見えない。",
    "risk_limits.complement": "存在は活性化を意味しない。断片化、小胞への沈着及び溶血には別の試験が必要である。",
    "risk_limits.complement_regulators": (
        "CD46、CD55及びCD59は膜を保護する。検出はリスクではなく、不検出は保護がないことの証明ではない。"
    ),
    "risk_limits.cytokines": (
        "サイトカインは、探索型プロテオミクスで見える量をはるかに下回る量で作用する。不検出にはほとんど意味がなく、"
        "免疫測定法により決まる。"
    ),
    "risk_limits.proteases": "存在は活性を意味しない。酵素前駆体も阻害された酵素も同じに見える。",
    "risk_limits.platelet_proteins": (
        "培地中のヒト血小板溶解物、血液中の血小板及び小胞自体のタンパク質は、すべてヒト由来であり区別できない。未使"
        "用培地の工程ブランクがあれば区別できる。"
    ),
    "risk_limits.erythrocyte_proteins": (
        "生物種がヒトの場合、指先、溶血又は血清に由来するヘモグロビンは同じに見える。"
    ),
    "risk_limits.tissue_factor": (
        "脂質は見えない。ホスファチジルセリン結合タンパク質はその間接的な徴候である。凝固促進活性には凝固試験又はト"
        "ロンビン生成試験が必要である。"
    ),
    "risk_limits.soluble_protein": (
        "小胞に結合したタンパク質（コロナ）と周囲のタンパク質は区別できない。1回投与当たりの量、脂質及び核酸は見え"
        "ない。"
    ),
    "risk_limits.intracellular_protein": "細胞残渣と大型の小胞は区別できない。核酸は見えない。",
    "risk_limits.between_lots": (
        "比較しているのはタンパク質組成のみである。力価、粒子数、脂質及びRNAは、それでもなお異なり得る。"
    ),
    "risk_limits.lots_out_of_control": "管理限界は通常の範囲を示すものであり、許容される範囲を示すものではない。",
    "risk_limits.processes": (
        "プロテオームの同等性は、製法間の同等性の一部にすぎない。力価、安定性及び安全性も示す必要がある。"
    ),
    "risk_limits.organ_integrins": (
        "探索的。マウスにおける腫瘍エクソソームで見いだされたものである。他の小胞の行き先は他の多くの要因に左右され、"
        "体内分布試験によってのみ測定される。"
    ),
    "risk_limits.adhesion": "探索的。これらのタンパク質から臓器を導く規則はない。向き及び糖鎖は見えない。",
}
