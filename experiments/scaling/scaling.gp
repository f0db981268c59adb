# Seconds of one sweep and of a whole training of logistic-mf against the number of responses, on two logarithmic
# axes: a line of slope 1 is a cost in proportion to the responses. The line goes through the largest sweep.
# Reads scaling.csv in this folder; writes scaling.svg and scaling.png.
set datafile separator ","
set title "logistic-mf, k = 32: cost against responses" font ",15"
set xlabel "responses (8,500 LLMs × queries)"
set ylabel "seconds"
set logscale xy
set format x "10^{%L}"
set format y "10^{%L}"
set grid xtics ytics lc rgb "#dddddd" lt 1
set xtics nomirror
set ytics nomirror
set border 3
set key right bottom
set xrange [1e6:4e8]
csv = "scaling.csv"
stats csv using "responses":"sweep_seconds" nooutput
slope = STATS_max_y / STATS_max_x
do for [kind in "svg png"] {
  if (kind eq "svg") { set terminal svg size 760,400 font "Helvetica,13" background "#ffffff" } \
  else { set terminal pngcairo size 1140,600 font "Helvetica,19" }
  set output "scaling.".kind
  plot slope * x with lines lc rgb "#555555" dt 2 title "slope 1", \
       csv using "responses":"sweep_seconds" with linespoints pt 7 ps 0.9 lw 2 lc rgb "#1f5fa8" title "one sweep", \
       csv using "responses":"training_seconds" with linespoints pt 5 ps 0.9 lw 2 lc rgb "#b3541e" \
         title "training to the end, l2 = 10"
  set output
}
