"""Sentences of the tables in Japanese (see ``phrases``): lots, comparability, risks, source cell, subtypes, species."""

from __future__ import annotations

_LOTS: dict[str, str] = {
    "Purity": "純度",
    "Vesicular proteins together": "小胞タンパク質全体",
    "Distance from the other lots, over vesicular proteins": "他のロットからの距離（小胞タンパク質）",
    "Distance over vesicular proteins": "小胞タンパク質全体での距離",
    "the lot has no value": "ロットに値がない",
    "limits would rest on {n} other lots": "限界の根拠となる他のロットが{n}しかない",
    "they take {n}": "{n}ロット以上が必要",
    "the other lots do not vary, so that there are no limits": "他のロットにばらつきがないため、限界を求められない",
    "{n} lies above the limit {n1} of {n2} other lots": "{n}は他の{n2}ロットによる上限{n1}を上回る",
    "{n} lies below the limit {n1} of {n2} other lots": "{n}は他の{n2}ロットによる下限{n1}を下回る",
    "{n} lies above the limit {n1} of {n2} qualified lots": "{n}は適格性確認済み{n2}ロットによる上限{n1}を上回る",
    "{n} lies below the limit {n1} of {n2} qualified lots": "{n}は適格性確認済み{n2}ロットによる下限{n1}を下回る",
    "{n} lies within the limits of {n2} other lots": "{n}は他の{n2}ロットによる限界内",
    "{n} lies within the limits of {n2} qualified lots": "{n}は適格性確認済み{n2}ロットによる限界内",
    "named are the proteins beyond chance": "偶然を超えるタンパク質を示す",
    "no single protein stands out": "際立つ個別のタンパク質はない",
    "a distance takes {n} vesicular proteins that are found in {n2} other lots": (
        "距離を求めるには、他の{n2}ロットで検出された小胞タンパク質が{n}必要である"
    ),
    "no lot has a value": "値のあるロットがない",
    "one lot: nothing is known of how much lots differ": "1ロットのみであり、ロット間の差は不明",
    "no lot has two samples: the variation between lots holds the variation within lots as well": (
        "2試料以上のロットがなく、ロット間のばらつきにロット内のばらつきが含まれる"
    ),
}

_COMPARABILITY: dict[str, str] = {
    "the 90% interval {n} to {n1} {unit_} lies within the margin of {n2}": (
        "90%区間（{n}～{n1}、{unit_}）がマージン{n2}の内側にある"
    ),
    "the 90% interval {n} to {n1} {unit_} reaches beyond the margin of {n2}": (
        "90%区間（{n}～{n1}、{unit_}）がマージン{n2}を超える"
    ),
    "beyond chance": "偶然を超える差",
    "the 90% interval {n} to {n1} {unit_} lies within the margin of {n2}, but not once all comparisons are allowed "
    "for": ("90%区間（{n}～{n1}、{unit_}）はマージン{n2}の内側にあるが、多重比較を調整するとそうならない"),
    "the 90% interval {n} to {n1} {unit_} reaches beyond the margin of {n2}, and may be chance once all comparisons "
    "are allowed for": (
        "90%区間（{n}～{n1}、{unit_}）はマージン{n2}を超えるが、多重比較を調整すると偶然の可能性がある"
    ),
    "the 90% interval {n} to {n1} {unit_} holds both no change and one beyond the margin of {n2}": (
        "90%区間（{n}～{n1}、{unit_}）が、変化なしとマージン{n2}を超える変化の両方を含む"
    ),
    "every lot of both processes lies at the same end of the scale, where nothing is told apart any more": (
        "両製法の全ロットが尺度の同じ端にあり、差を区別できない"
    ),
    "it has a value in no lot of one of the two processes": "一方の製法に値のあるロットがない",
    "one lot says nothing about how much lots differ": "1ロットではロット間の差が分からない",
    "a process has no lot": "ロットのない製法がある",
    "{n} lots of a process are fewer than the {n1} that a decision takes": (
        "一方の製法の{n}ロットは、判断に必要な{n1}ロットに満たない"
    ),
    "the lots of a process do not differ at all, so that chance has no measure": (
        "製法内のロットに差が全くなく、偶然の大きさを見積もれない"
    ),
    "not even {n} lots a side would be likely to decide": "各製法{n}ロットでも判断できる見込みは低い",
    "about {n} lots a side would decide": "各製法およそ{n}ロットで判断できる",
    "about {n} a side": "各製法およそ{n}ロット",
    "no difference can be given": "差を求められない",
    "unchanged": "変化なし",
    "{n}-fold apart": "{n}倍の隔たり",
    "{n}-fold higher": "{n}倍に上昇",
    "{n}-fold lower": "{n}分の1に低下",
    "odds {n}-fold higher": "オッズが{n}倍に上昇",
    "odds {n}-fold lower": "オッズが{n}分の1に低下",
    "{title} odds {n}-fold higher": "{title}のオッズが{n}倍に上昇",
    "{title} odds {n}-fold lower": "{title}のオッズが{n}分の1に低下",
    "{title} {n}-fold higher": "{title}が{n}倍に上昇",
    "{title} {n}-fold lower": "{title}が{n}分の1に低下",
    "{title} {n}-fold apart": "{title}が{n}倍の隔たり",
    "{list_} and {n} more": "{list_}ほか{n}件",
    "of {n} attributes {n1} are equivalent, {n2} different, {n3} inconclusive": (
        "{n}項目中、同等{n1}、相違{n2}、結論保留{n3}"
    ),
    "different: {list_}": "相違：{list_}",
    "but {n} of {n1} vesicular proteins are different: {list_}": ("ただし小胞タンパク質{n1}のうち{n}が相違：{list_}"),
    "no attribute has a value in a lot of either process": "両方の製法のロットに値のある項目がない",
    "{n} and {n1} lots": "{n}ロットと{n1}ロット",
    "{n} and {n1} lots: {why_}": "{n}ロットと{n1}ロット：{why_}",
    "and a decision takes {n} of each process": "判断には各製法{n}ロットが必要",
    "what takes the most lots is {title}": "最も多くのロットを要するのは{title}",
    "what takes the most lots is {title}, about {n} a side": (
        "最も多くのロットを要するのは{title}（各製法およそ{n}ロット）"
    ),
}

_RISKS: dict[str, str] = {
    "JSRM 2021 Considerations on the preparation of, and therapy with, exosomes and the like, section {n}": (
        "日本再生医療学会 2021「エクソソーム等の調製・治療に対する考え方」第{n}章"
    ),
    "UniProtKB function": "UniProtKB（機能）",
    "UniProtKB subcellular location": "UniProtKB（細胞内局在）",
    "the panel was not measured in this sample": "この試料ではパネルを測定していない",
    "{n} of {n1} detected ({names})": "{n1}のうち{n}を検出（{names}）",
    "{n} of {n1} detected ({names}), {n2}% of the protein mass": (
        "{n1}のうち{n}を検出（{names}）、タンパク質質量の{n2}%"
    ),
    "{n} not searched": "検索対象外{n}",
    "{n} could not have been seen": "検出され得ないもの{n}",
    "none of {n} that could have been seen was detected": "検出され得た{n}のいずれも検出されなかった",
    "none of the {n} is known to have been searched": "{n}のいずれも検索されたか不明である",
    "none of the {n} could have been seen in this sample": "この試料では{n}のいずれも検出され得なかった",
    "Binders of phosphatidylserine: {names}": "ホスファチジルセリン結合タンパク質：{names}",
    "Tissue factor itself (F3) was not detected": "組織因子（F3）自体は検出されなかった",
    "Both halves seen of {pairs_}": "対の両方を検出：{pairs_}",
    "{pair} (lung)": "{pair}（肺）",
    "{pair} (liver)": "{pair}（肝臓）",
    "No pair is complete": "対のそろったものはない",
    "no viral sequences are known to have been searched": "ウイルスの配列が検索されたか不明である",
    "no mycoplasma sequences are known to have been searched": "マイコプラズマの配列が検索されたか不明である",
    "no bacterial sequences are known to have been searched": "細菌の配列が検索されたか不明である",
    "no fungal sequences are known to have been searched": "真菌の配列が検索されたか不明である",
    "no other animals' sequences are known to have been searched": "他の動物の配列が検索されたか不明である",
    "no further organisms' sequences are known to have been searched": "その他の生物の配列が検索されたか不明である",
    "no bovine sequences are known to have been searched": "ウシの配列が検索されたか不明である",
    "nothing can be said": "何も言えない",
    "none found": "検出なし",
    "sequences searched: {names}": "検索した配列：{names}",
    "{n} protein group ({counts}), {n1}% of the protein mass": (
        "{n}タンパク質グループ（{counts}）、タンパク質質量の{n1}%"
    ),
    "{n} protein groups ({counts}), {n1}% of the protein mass": (
        "{n}タンパク質グループ（{counts}）、タンパク質質量の{n1}%"
    ),
    "the study itself is bovine": "試験自体の生物種がウシである",
    "bovine protein passes for human where they agree": "配列が一致するウシタンパク質はヒトとみなされる",
    "At most {n}% of the signal can be bovine": "ウシであり得るのはシグナルの最大{n}%",
    "{n}% of the signal is bovine, shared peptides divided": ("シグナルの{n}%がウシに由来（共有ペプチドは種間で配分）"),
    "Measured {note_}": "測定方法：{note_}",
    "this sample has no purity score": "この試料に純度のスコアがない",
    "purity {n} (90% interval {n1} to {n2}) on a scale where 0.5 is the middle": (
        "純度{n}（90%区間{n1}～{n2}、尺度の中点は0.5）"
    ),
    "share of protein mass: {shares_}": "タンパク質質量に占める割合：{shares_}",
    "{code_} {n}%": "{code_}{n}%",
    "not tested: variation between lots needs several lots, best with replicates": (
        "未試験：ロット間のばらつきには複数のロット（できれば反復を含む）が必要である"
    ),
    "{n} of {n1} quantities vary between {n2} lots by more than 1.5-fold": (
        "{n1}の量のうち{n}が、{n2}ロット間で1.5倍を超えて異なる"
    ),
    "most: {titles}": "大きい順：{titles}",
    "not tested: there are too few lots for control limits": "未試験：管理限界の算出にはロットが少なすぎる",
    "{n} of {n1} lots lie outside the control limits in at least one quantity": (
        "{n1}ロット中{n}ロットが、一つ以上の量で管理限界を外れている"
    ),
    "{n} of {n1} lots lie outside the control limits in at least one quantity: {names}": (
        "{n1}ロット中{n}ロットが、一つ以上の量で管理限界を外れている：{names}"
    ),
    "not tested: comparability needs two processes with several lots each": (
        "未試験：製法間の同等性には、それぞれ複数のロットをもつ二つの製法が必要である"
    ),
    "{a} against {b}: {counts_}": "{b} に対する {a}：{counts_}",
    "{n} equivalent": "同等{n}",
    "{n} different": "相違{n}",
}

_CELLS_AND_SPECIES: dict[str, str] = {
    "none of {n} members was searched and could have been seen": "{n}のうち、検索され検出され得たものがない",
    "{n} of {n1} members that could have been seen were detected": "検出され得た{n1}のうち{n}を検出",
    "{n} of {n1} members that could have been seen were detected ({names})": (
        "検出され得た{n1}のうち{n}を検出（{names}）"
    ),
    "{n} of {n1} members that could have been seen were detected ({names}), {n2}% of the protein mass": (
        "検出され得た{n1}のうち{n}を検出（{names}）、タンパク質質量の{n2}%"
    ),
    "too few to tell": "少なすぎて判断できない",
    "expected present: speaks for the declared source {name}": "期待は陽性：申告された由来 {name} を支持する",
    "expected present: speaks against the declared source {name}": "期待は陽性：申告された由来 {name} を支持しない",
    "expected present: does not decide about the declared source {name}": (
        "期待は陽性：申告された由来 {name} についてはどちらともいえない"
    ),
    "expected absent: speaks for the declared source {name}": "期待は陰性：申告された由来 {name} を支持する",
    "expected absent: speaks against the declared source {name}": "期待は陰性：申告された由来 {name} を支持しない",
    "expected absent: does not decide about the declared source {name}": (
        "期待は陰性：申告された由来 {name} についてはどちらともいえない"
    ),
    "The criteria of cells are of flow cytometry; mass spectrometry of EVs gives evidence, not a percentage of cells": (
        "細胞の基準はフローサイトメトリーによるものである。EVの質量分析が与えるのは証拠であり、細胞の百分率ではない"
    ),
    "Where the medium held human platelet lysate these proteins may come from it: it is human, and the species does "
    "not tell it apart from the cells": (
        "培地がヒト血小板溶解物を含む場合、これらのタンパク質はそれに由来する可能性がある。"
        "ヒト由来であるため、生物種では細胞と区別できない"
    ),
    "Small against large EVs": "小型EVと大型EVの対比",
    "Exosomes against ectosomes": "エクソソームとエクトソームの対比",
    "Vesicles against exomeres and other non-vesicular particles": "小胞とエクソメアその他の非小胞性粒子の対比",
    "Platelet origin": "血小板由来",
    "Erythrocyte origin": "赤血球由来",
    "only {n} member of a panel could have been seen": "検出され得たパネルのタンパク質が{n}しかない",
    "only {n} members of a panel could have been seen": "検出され得たパネルのタンパク質が{n}しかない",
    "{n} of {n1} members detected: too few": "{n1}のうち{n}の検出にとどまり、少なすぎる",
    "none of the members was detected": "いずれも検出されなかった",
    "by the organisms of protein groups": "タンパク質グループの生物種による",
    "to sort peptides, a peptide table and the searched FASTA are needed": (
        "ペプチドで分けるには、ペプチドの表と検索に用いたFASTAが必要である"
    ),
    "no {name} sequences were searched": "{name} の配列は検索されていない",
    "the peptides that they share are the most that can be {name} among what was identified": (
        "同定されたもののうち {name} であり得るのは、最大で共有ペプチドの分である"
    ),
    "no {name} sequences were searched, and none were given": "{name} の配列は検索されておらず、与えられてもいない",
    "no {name} sequences were searched, and those given serve only with a peptide table and the searched FASTA": (
        "{name} の配列は検索されていない。与えられた配列は、ペプチドの表と検索に用いたFASTAがあるときにのみ役立つ"
    ),
    "how much is {name} is not known": "{name} の量は不明である",
}

JAPANESE_PHRASES_RELEASE: dict[str, str] = {**_LOTS, **_COMPARABILITY, **_RISKS, **_CELLS_AND_SPECIES}
