"""What each warning means, by its code, in Japanese; the table's own sentence stands beneath it on the page."""

from __future__ import annotations

_SHEET_AND_INPUT: dict[str, str] = {
    "warning.organism_without_panels": (
        "マーカーの登録簿に、この生物種のアクセッションがない。遺伝子記号のみでマーカーを探すため、名称の異なる遺伝"
        "子は見落とされる。"
    ),
    "warning.sheet_column_unread": "試料シートに読み込まれない列がある。列名が、読み込まれる列の名称に似ている。",
    "warning.sheet_delimiter": "試料シートがタブ区切りではない。検出された区切り文字で読み込んだ。",
    "warning.sheet_encoding": "試料シートが UTF-8 ではない。検出された文字符号化方式で読み込んだ。",
    "warning.sheet_sdrf": "試料シートは SDRF-Proteomics 形式（{count}行）であり、変換して読み込んだ。",
    "warning.no_preparation": "役割が「調製物」の試料がなく、判定は行わない。",
    "warning.long_name": "試料名が{count}文字ある。このような名称は表示しにくい。",
    "warning.unused_reference": "この参照試料と同じ群に調製物がなく、どの調製物とも比較されない。",
    "warning.runs_left_out": "入力の{count}ランは試料シートに記載がなく、除外した。",
    "warning.runs_not_in_sheet": "表の{count}ランは試料シートに記載がなく、除外した。",
    "warning.format_recognised": "入力の形式を内容から判別した。",
    "warning.normalised_quantity": "入力の定量値は検索エンジンにより規格化されている。",
    "warning.normalisation_unknown": "定量値が規格化されているか否かが入力に示されていない。",
    "warning.quantity_maybe_normalised": "入力の定量値は検索エンジンにより規格化されている可能性がある。",
    "warning.quantity_from_ibaq": "入力に通常のシグナル強度がなく、iBAQ値を用いた。",
    "warning.single_run": "入力からランを区別できないため、一つのランとして読み込んだ。",
    "warning.spectral_counts_only": "入力にシグナル強度がなく、スペクトルカウントを用いた。",
    "warning.counts_missing": "{count}ランでペプチド数又はスペクトル数が欠けている。",
    "warning.channels": "入力は多重標識である。{count}の標識をそれぞれ一つのランとして読み込んだ。",
    "warning.reporter_ions": "入力にレポーターイオンがある。{count}の標識をそれぞれ一つのランとして読み込んだ。",
    "warning.reporter_ions_ignored": "入力にレポーターイオンがあるが、読み込んでいない。",
    "warning.ratios_not_read": "入力に比が記載されているが、量ではないため読み込んでいない。",
    "warning.study_variables_as_runs": "入力にはランの群ごとの量しかないため、各群を一つのランとして読み込んだ。",
    "warning.runs_are_fractions": "入力の列は、一つの試料の画分である可能性がある。",
    "warning.runs_are_raw_files": "ランは生データファイル名で示されている。{count}件を試料シートと対応付けた。",
    "warning.no_quantity": "入力に定量値がない。",
    "warning.identifications_only": "入力には同定結果のみがあり、定量値がない。",
    "warning.scale_assumed": "値は線形尺度とみなした。",
    "warning.looks_logarithmic": "値が対数のように見える。構成ファイルで尺度を指定すること。",
    "warning.spreadsheet_errors": "{count}個のセルに表計算ソフトのエラー値があり、欠測として読み込んだ。",
    "warning.perseus_rows": "Perseus の注釈行{count}行を読み飛ばした。",
    "warning.no_memberships": "参照データに分配率がなく、組成はパネルのみに基づく。",
    "warning.scores_unusable": "検索エンジンのスコアを数値として読み込めず、用いない。",
    "warning.short_rows": "{count}行で見出しよりセルが少ない。不足分は空欄として読み込んだ。",
    "warning.ms1_and_ms2": "入力にプリカーサー面積とフラグメント面積の両方があるが、合算していない。",
    "warning.standards": "{count}行は標準物質であり、試料自体のものとしては読み込んでいない。",
    "warning.fragment_rows": "入力は1行に1フラグメントイオンの形式である。",
    "warning.fragments_excluded": "フラグメントの{count}行は定量から除外と表示されており、数えていない。",
}

_ROWS: dict[str, str] = {
    "warning.decoys_removed": "デコイ{count}件を除外した。",
    "warning.decoys_like_targets": "デコイ{count}行はターゲットと同じ配列であり、除外した。",
    "warning.no_decoys": "入力にデコイがなく、誤同定率を確認できない。",
    "warning.no_contaminants": "入力に混入物の表示がない。事前に除去された可能性がある。",
    "warning.only_by_site_removed": "修飾部位のみで同定された{count}件を除外した。",
    "warning.not_master_removed": "同じグループのタンパク質を重複して示す{count}件を除外した。",
    "warning.details_removed": "グループのタンパク質を重複して示す{count}行を除外した。",
    "warning.rows_without_protein": "タンパク質のない{count}行を除外した。",
    "warning.rows_without_peptide": "配列のないペプチド{count}行を除外した。",
    "warning.rows_without_quantity": "{count}行に定量値がなく、測定されなかったものとして扱う。",
    "warning.precursors_without_quantity": "プリカーサー{count}行に定量値がなく、除外した。",
    "warning.peptides_without_quantity": "{count}ペプチドに定量値がなく、測定されなかったものとして扱う。",
    "warning.peptides_without_protein": "{count}ペプチドはどのタンパク質にも属さず、除外した。",
    "warning.peptides_of_other_proteins": "{count}ペプチドは、タンパク質の表にないタンパク質に属する。",
    "warning.peptides_not_read": "入力のペプチドを読み込めなかった。タンパク質の値をそのまま用いる。",
    "warning.spectra_of_several_rows": "{count}スペクトルが複数行にあり、1回だけ数える。",
    "warning.repeated_intensity": "{count}行は他の行と同じシグナル強度を重複して示しており、1回だけ数える。",
    "warning.several_intensities": "{count}プリカーサーに同一ラン内の複数のシグナル強度があり、最大の値を用いる。",
    "warning.duplicated_precursors": "{count}プリカーサーが同一ランの複数行にある。",
    "warning.impossible_intensity": "{count}件のシグナル強度はあり得ない値（負又は無限大）であり、欠測として扱う。",
    "warning.identifier_repeated": "タンパク質グループの識別子{count}件が複数行にある。",
    "warning.identifiers_with_two_meanings": "{count}件の識別子が、入力により異なるタンパク質を指している。",
    "warning.alternatives": "{count}タンパク質が複数のグループに共有されている。",
    "warning.alternatives_differ": "代替タンパク質{count}件の値が一致しない。",
    "warning.genes_missing": "{count}のタンパク質グループに遺伝子記号がなく、アクセッションのみで照合する。",
    "warning.not_in_fasta": "{count}のタンパク質グループが、与えられたデータベースにない。",
    "warning.accessions_not_in_fasta": "{count}件のアクセッションが、与えられたデータベースにない。",
    "warning.contaminants_process": "{count}のタンパク質グループが工程由来の混入物と分類されている。",
    "warning.contaminants_serum": "{count}のタンパク質グループが培養血清のタンパク質と分類されている。",
    "warning.contaminants_ambiguous": "{count}のタンパク質グループが由来不明の混入物と分類されている。",
    "warning.contaminant_tags_differ": "{count}のタンパク質グループの混入物分類が、入力により異なる。",
    "warning.proteins_of_probability_zero": "{count}タンパク質は確率がゼロであり、除外した。",
}

_ERROR_RATES: dict[str, str] = {
    "warning.no_threshold": "ファイルに閾値が示されておらず、すべての同定結果を読み込んだ。",
    "warning.no_q_value": "入力にペプチドのq値がない。",
    "warning.no_q_values": "入力にq値がなく、{count}件の同定結果は選別されていない。",
    "warning.no_group_q_value": "入力にタンパク質グループのq値がない。",
    "warning.q_values_unusable": "{count}件のq値が0～1の範囲外であり、用いない。",
    "warning.hits_of_lower_rank": "{count}行はスペクトルの最上位候補ではなく、数えない。",
    "warning.hits_below_threshold": "{count}行はファイルの閾値に達せず、数えない。",
    "warning.peptides_over_q_value": "ペプチド{count}行はq値の限界を超えており、数えない。",
    "warning.precursors_over_q_value": "プリカーサー{count}行はq値の限界を超えており、除外した。",
    "warning.groups_over_q_value": "グループの{count}行はq値の限界を超えており、数えない。",
    "warning.proteins_over_q_value": "{count}タンパク質がq値の限界を超えている。",
    "warning.peptide_error_rate": "構成ファイルで指定された誤同定率をペプチドに適用し、{count}行を除いた。",
    "warning.protein_error_rate": (
        "構成ファイルで指定された誤同定率をタンパク質グループに適用し、{count}グループを除いた。"
    ),
    "warning.no_peptide_error_rate": "ペプチドの誤同定率が指定されていない、又は評価できない。",
    "warning.no_protein_error_rate": "タンパク質グループの誤同定率が指定されておらず、すべてを用いる。",
    "warning.protein_error_rate_unknown": "スコアのあるデコイがなく、タンパク質グループの誤同定率を評価できない。",
    "warning.few_peptides_for_error_rate": "{count}ランでは、指定された誤同定率に対してペプチドが少なすぎる。",
    "warning.error_rate_of_engine": "誤同定率は検索エンジンによるものであり、ここでは確認できない。",
    "warning.proteins_of_engine": "タンパク質グループは検索エンジンによるものである。",
    "warning.proteins_from_peptides": "タンパク質は入力のペプチドから作成した。",
    "warning.proteins_rolled_up": "{count}のタンパク質グループの量は、ペプチドの量を合計したものである。",
    "warning.proteins_inferred": "{count}のタンパク質グループを、最節約原理によりペプチドから推定した。",
    "warning.protein_inference": "{count}のタンパク質グループを、最節約原理によりペプチドから推定した。",
    "warning.razor_peptides": "{count}ペプチドは複数のグループに適合し、ペプチドの最も多いグループに数える。",
}

_MEASURED: dict[str, str] = {
    "warning.imputed": (
        "この表では欠測値が補完されているように見える。低いシグナル強度の値は測定されたものでない可能性があり、区間"
        "を広げている。"
    ),
    "warning.no_blanks": (
        "欠測があるはずの表に欠測がない。マーカーが存在しないことをこの表から判断することはできない。"
    ),
    "warning.rows_filtered": "表が一部のタンパク質に絞り込まれているように見える。割合及び順位の情報は限られる。",
    "warning.albumin_removed": "他の血清タンパク質があるのに、アルブミンが表にない。",
    "warning.contaminants_removed": "混入物が表から除去されているように見える。",
    "warning.quantile_normalised": "ランが分位点規格化されているように見える。組成の変化が隠される。",
    "warning.equal_totals": "ランの合計が等しく、同じ総和に調整されている。",
    "warning.equal_medians": "ランの中央値が等しく、規格化されている。組成の変化が隠される。",
    "warning.few_proteins": (
        "この試料で測定されたタンパク質グループは{count}のみである。見つからないことに意味はない。"
    ),
    "warning.empty_sample": "この試料では測定されたタンパク質がなく、何も言えない。",
    "warning.process_contaminants": "{count}のタンパク質グループは工程由来の混入物であり、組成に含めない。",
    "warning.spectral_counts": "{count}試料にシグナル強度がなく、割合はスペクトルカウントによる。",
    "warning.no_sequence_lengths": "入力に配列長がないため、モル割合はない。",
    "warning.no_lengths": "配列長が不明であるため、モル割合はない。",
    "warning.molar_basis": "モル割合は、{count}のタンパク質グループの配列長又は観測可能ペプチド数に基づく。",
    "warning.sequence_length_filled": "{count}のタンパク質グループに配列長がなく、配列長の中央値を用いた。",
    "warning.observable_peptides_filled": "{count}のタンパク質グループに観測可能ペプチドがなく、数を補った。",
    "warning.replicates_averaged": "{count}試料に技術的反復があり、幾何平均を用いる。",
    "warning.fractions_added": "{count}試料は画分からなり、合計した。",
    "warning.inputs_joined": "{count}試料は複数の入力に由来し、タンパク質グループごとに結合した。",
    "warning.measured_in_part_of_replicates": "{count}件の値は、技術的反復の一部のみに基づく。",
    "warning.directlfq_not_installed": "directLFQ が導入されておらず、規格化された量によるロットの比較ができない。",
    "warning.lfq_not_settled": "{count}ランのラベルフリー定量値が収束しなかった。",
    "warning.lfq_without_common_peptides": "{count}件の値は、他のランと共通するペプチドがない。",
    "warning.no_own_sequences": "データベースに試験の生物種の配列がなく、生物種を区別できない。",
    "warning.other_species_taken_off": "{count}のタンパク質グループから、他の生物種のペプチドを差し引いた。",
    "warning.only_other_species": "{count}のタンパク質グループは、他の生物種のみのものであった。",
    "warning.groups_of_two_species": "{count}のタンパク質グループは、二つの生物種のタンパク質を含む。",
    "warning.serum_load_bovine": "{count}試料でウシタンパク質が検出された（「生物種」参照）。",
    "warning.bovine_not_searched": "{count}試料ではウシタンパク質を検索しておらず、血清負荷は不明である。",
    "warning.platelet_proteins": (
        "試料 {subject} で血小板タンパク質が多い。血小板又は培地中のヒト血小板溶解物に由来する可能性があるが、ペプ"
        "チドからは区別できない。培地のみの試料と比較すること。"
    ),
    "warning.markers_found": "登録簿のマーカー{count}件が見つかった。",
    "warning.members_not_listed": "マーカーの{count}項目は個別に示していない。",
    "warning.no_marker_matched": "{count}のタンパク質グループのいずれもパネルのマーカーではなく、判定できない。",
    "warning.groups_not_matchable": (
        "{count}のタンパク質グループに遺伝子記号もアクセッションもなく、どのパネルとも照合できない。"
    ),
    "warning.mostly_unexplained": "試料 {subject} のタンパク質質量の大半がどの区画にも属さない。",
}

_JUDGED: dict[str, str] = {
    "warning.indeterminate": "{count}試料が判定不能である。理由は各判定に示す。",
    "warning.no_reference_supplied": (
        "調製物{count}件には同一試験内の対照がなく、公開の参照データのみに照らして判定した。"
    ),
    "warning.outside_domain": "{count}試料が、参照試験の示した範囲の外にある。",
    "warning.no_specification": "構成ファイルに規格が指定されておらず、判定基準との照合は行っていない。",
    "warning.not_tested": "{subject} の結果{count}件は未試験である。試料シートに測定値がない。",
    "warning.samples_without_lot": "{count}試料にロットの記載がなく、ロットの比較に含めない。",
    "warning.samples_without_process": "{count}試料に製法の記載がなく、比較に含めない。",
    "warning.lfq_absent": "試料間で比較できる量がないため、代わりに割合を比較する。",
    "warning.one_process": "製法が二つないため、比較していない。",
    "warning.one_lot": "ロットが一つしかなく、ロット間の差については何も言えない。",
    "warning.lots_of_several_processes": "ロットが{count}の製法にわたる。ロット間のばらつきに製法間の差が含まれる。",
    "warning.lots_without_replicates": "2試料以上のロットがない。ロット間のばらつきにロット内のばらつきが含まれる。",
    "warning.few_qualified_lots": (
        "適格性確認済みロットは{count}で、管理限界の算出には少なすぎる。全ロットから限界を求める。"
    ),
    "warning.lot_out_of_control": "ロット {subject} は{count}の量で管理限界を外れている。",
    "warning.no_source_cell": "由来細胞が申告されていない。細胞の徴候は示すが、評価しない。",
    "warning.source_cell_unknown": "申告された由来細胞に期待される結果について知見がない。",
    # shown for a code that has no entry of its own
    "warning.unknown": "この段階の注意事項。表の原文を参照すること。",
}

JAPANESE_WARNINGS: dict[str, str] = {**_SHEET_AND_INPUT, **_ROWS, **_ERROR_RATES, **_MEASURED, **_JUDGED}
