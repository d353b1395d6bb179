# What a district's psychologist writes with psych and openxlsx.
#
#     Rscript --vanilla peer_psych.R DISTRICT OUT [fast]
#
# Scores, T scores and tiers of make_district.py's district; a workbook a school and one for the
# district.  Without norms (a district of raw scores) tiers count scores at their cut.  fast: psych::scoreFast instead of scoreItems, which also computes reliabilities.  Reads
# and writes text by data.table where it is there, as who has 60,000 rows does.
suppressMessages({library(psych); library(openxlsx)})
arguments <- commandArgs(TRUE)
district <- arguments[1]; out <- arguments[2]; fast <- length(arguments) > 2
dir.create(out, recursive = TRUE, showWarnings = FALSE)
read <- if (requireNamespace("data.table", quietly = TRUE)) function(...) data.table::fread(..., data.table = FALSE) else read.csv
answers <- read(file.path(district, "responses.csv"))
key <- read.csv(file.path(district, "key.csv"))
table_of_norms <- file.path(district, "instruments/norms/bench_t.csv")
norms <- if (file.exists(table_of_norms)) read.csv(table_of_norms)
items <- answers[, paste0("q", 1:231)]
keys <- lapply(split(key, key$scale), function(k) paste0(ifelse(k$reversed == 1, "-q", "q"), k$item))
scored <- if (fast) scoreFast(keys, items, totals = FALSE, min = 0, max = 4, impute = "none") else
  suppressWarnings(scoreItems(keys, items, totals = FALSE, impute = "none", min = 0, max = 4))$scores
scores <- answers[, c("id", "school", "grade", "class", "sex")]
at <- if (!is.null(norms)) paste(substr(norms$sex, 1, 1), norms$grade_from, norms$scale)
high <- 0
for (s in names(keys)) {
  k <- key[key$scale == s, ]
  n <- rowSums(!is.na(items[, k$item]))
  raw <- scored[, if (fast) grep(paste0("^", s), colnames(scored))[1] else s] * nrow(k)
  raw[n < nrow(k) - k$allowed[1]] <- NA
  scores[[s]] <- raw
  if (is.null(norms)) { high <- high + (!is.na(raw) & raw >= k$cut[1]); next }
  m <- match(paste(scores$sex, scores$grade, s), at)
  t <- floor((50 + 10 * (raw - norms$mean[m]) / norms$sd[m]) * 10 + 0.5 + 1e-9) / 10
  scores[[paste0(s, ".t")]] <- t
  high <- high + (!is.na(t) & t >= 70)
}
bold <- createStyle(textDecoration = "bold")
worst <- createStyle(bgFill = "#FF9999")
scores$tier <- ifelse(high >= 6, 2, ifelse(high >= 3, 1, 0))
for (school in unique(scores$school)) {
  students <- scores[scores$school == school, ]
  students <- students[order(students$grade, students$class, students$id), ]
  book <- createWorkbook()
  addWorksheet(book, "Scores"); writeData(book, "Scores", students, headerStyle = bold); freezePane(book, "Scores", 2, 5)
  conditionalFormatting(book, "Scores", cols = ncol(students), rows = 2:(nrow(students) + 1), rule = "==2", style = worst)
  addWorksheet(book, "Tiers"); writeData(book, "Tiers", students[students$tier > 0, ], headerStyle = bold)
  addWorksheet(book, "Summary"); writeData(book, "Summary", as.data.frame.matrix(table(students$class, students$tier)), rowNames = TRUE)
  saveWorkbook(book, file.path(out, paste0(school, ".xlsx")), overwrite = TRUE)
}
book <- createWorkbook()
addWorksheet(book, "Schools"); writeData(book, "Schools", as.data.frame.matrix(table(scores$school, scores$tier)), rowNames = TRUE)
saveWorkbook(book, file.path(out, "district.xlsx"), overwrite = TRUE)
if (requireNamespace("data.table", quietly = TRUE)) data.table::fwrite(scores, file.path(out, "scores.csv"), na = "") else
  write.csv(scores, file.path(out, "scores.csv"), row.names = FALSE, na = "")
