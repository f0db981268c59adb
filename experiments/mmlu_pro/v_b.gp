# V_B of logistic-mf on each pool with its 95% interval: above 1 beats the best single LLM.
# Reads results.csv (rs-eval --csv) in this folder; writes v_b.svg and v_b.png.
set datafile separator ","
set title "logistic-mf on the MMLU-Pro test split" font ",15"
set ylabel "V_B (1 = best single LLM of the pool)"
set xrange [-0.6:8.6]
set yrange [0.9:1.12]
set ytics 0.05 nomirror
set grid ytics lc rgb "#dddddd" lt 1
set xtics ("3\nstrong" 0, "3\nweak" 1, "3\nmixed" 2, "5\nstrong" 3, "5\nweak" 4, "5\nmixed" 5, \
           "10\nstrong" 6, "10\nweak" 7, "10\nmixed" 8) nomirror
set xlabel "number of candidates and group" offset 0,-1
set bmargin 5.5
set border 3
unset key
set arrow from -0.6, 1 to 8.6, 1 nohead lc rgb "#555555" dt 2
rows = "< awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } \
  $c[\"router\"] == \"logistic-mf\" { print n++ \",\" $c[\"vb\"] \",\" $c[\"vb_low\"] \",\" $c[\"vb_high\"] }' results.csv"
do for [kind in "svg png"] {
  if (kind eq "svg") { set terminal svg size 760,400 font "Helvetica,13" background "#ffffff" } \
  else { set terminal pngcairo size 1140,600 font "Helvetica,19" }
  set output "v_b.".kind
  plot rows using 1:2:3:4 with yerrorbars pt 7 ps 0.9 lw 2 lc rgb "#1f5fa8"
  set output
}
