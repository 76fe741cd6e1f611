"""The page in Japanese: lists, paging, print, signatures, the model card, remarks on the tables' own language."""

from __future__ import annotations

JAPANESE_FORM: dict[str, str] = {
    # how words and sentences are strung together
    "list.comma": "、",
    "list.semicolon": "；",
    "list.sentences": "",
    "list.stop": "。",
    "list.rest": "{names}ほか{n}件",
    "list.colon": "{name}：{text}",
    "list.unit": "{value} {unit}",
    # text of the tables on a page in another language
    "page.tables_language": (
        "［英文］と付した文は、表に英語で記載された文をそのまま引用したものである。数値はどの言語でも同じである。"
    ),
    "page.as_in_table": "［英文］",
    # what the summary says of lots, processes and risks
    "know.lots.other": "ロットの値のうち{n}件が管理限界を外れている（「ロット」参照）。",
    "know.processes": "製法（{pair}）：{result}（「製法間の同等性」参照）。",
    "know.pairs": "製法の組合せ{count}組：{result}（「製法間の同等性」参照）。",
    "know.risks.one": "中程度又は強い証拠のあるリスク項目が{n}件ある（「リスク」参照）：{items}。",
    "know.risks.other": "中程度又は強い証拠のあるリスク項目が{n}件ある（「リスク」参照）。主なもの：{items}。",
    "warnings.original": "表の原文",
    "sheet.group": "群",
    "sheet.lot": "ロット",
    "sheet.process": "製法",
    "sheet.replicate": "反復",
    "stage.configuration": "構成",
    "stage.samples": "試料シート",
    "stage.ingest": "読込み",
    "stage.quantify": "定量",
    "stage.profile": "マーカープロファイル",
    "stage.score": "スコア",
    "stage.release": "出荷評価",
    # tables of many rows
    "paging.label": "表の行",
    "paging.shown": "全{total}行中{first}～{last}行",
    "paging.previous": "前へ",
    "paging.next": "次へ",
    "paging.print": "印刷では全{total}行を出力する。",
    "figure.save": "図を保存（SVG）",
    "control.verdicts_page": "全{total}試料中{shown}試料が該当",
    # print
    "print.page": "ページ",
    "print.of": "／",
    "print.running": "sEVident {version}・{study}・{time}",
    "print.note": "印刷では、折りたたんだ部分をすべて開き、表の全行を示す。",
    "print.note_as_opened": (
        "この規模の試験では全部を印刷すると数百枚になるため、画面上で開いた部分のみを表の全行とともに印刷する。"
        "印刷したい部分は、印刷の前に開くこと。"
    ),
    "section.signatures": "品質部門の署名",
    "signatures.intro": (
        "紙面に記入する。署名は、本報告書を人が読み、判断したことを確認するものである。sEVident は出荷の可否を決定"
        "しない。"
    ),
    "signatures.table": "署名欄",
    "signatures.role": "区分",
    "signatures.name": "氏名",
    "signatures.date": "日付",
    "signatures.signature": "署名又は記名押印",
    "signatures.prepared": "作成",
    "signatures.reviewed": "照査",
    "signatures.approved": "承認",
    # model card
    "section.card": "モデルカード",
    "card.intro": "スコアモデルの学習データ、評価方法及び適用できない場合を示す。",
    "card.facts": "スコアモデルの概要",
    "card.fact": "項目",
    "card.value": "内容",
    "card.version": "モデル形式の版",
    "card.samples": "学習に用いた区分既知の試料",
    "card.samples_of": "うち{label}",
    "card.samples_from.other": "{samples}試料（{n}試験）",
    "card.absent": "導入されている参照資源に model_card.md がないため、モデルの評価方法をここに示せない。",
    "card.original": "モデルを作成したプログラムが記したモデルカード原文（英語）",
    # glossary of the new sections
    "glossary.no_value.term": "—（該当値なし）",
    "glossary.no_value.text": "値がない。測定されていないか、得ることができない。ゼロではない。",
    "glossary.lot.term": "ロット",
    "glossary.lot.text": "1回の製造で作られたもの。どの試料がどのロットに属するかは試料シートによる。",
    "glossary.control_limits.term": "管理限界",
    "glossary.control_limits.text": "何も変わっていないときにロットの平均が収まると見込まれる範囲。",
    "glossary.equivalence_margin.term": "同等性マージン",
    "glossary.equivalence_margin.text": "二つの製法の間で、差がないとみなす最大の差。",
    "glossary.cv.term": "CV（変動係数）",
    "glossary.cv.text": "標準偏差の平均に対する百分率。",
    "glossary.sd.term": "SD（標準偏差）",
    "glossary.sd.text": "値のばらつきの大きさを表す標準偏差。",
}
