/* Before anything is shown: what only scripts can bring back (the further pages of a table) may be hidden. */
document.documentElement.classList.add("js");
