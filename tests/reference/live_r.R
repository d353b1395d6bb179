# Shared by the live scripts: tables with 17 digits, empty where missing.
put <- function(x, directory, name) {
  text <- sapply(x, function(v) if (is.character(v)) v else ifelse(is.na(v), "", formatC(as.numeric(v), digits = 17, format = "g", width = 1)))
  if (is.null(dim(text))) text <- t(text)
  colnames(text) <- names(x)
  write.table(text, file.path(directory, name), sep = ",", quote = FALSE, row.names = FALSE)
}
