# V_B of routers against the number of candidates, on the six benchmarks mixed and on each with its own pools.
# Reads v_b_mix.tsv and v_b_six.tsv in this folder; writes v_b.svg and v_b.png.
# Before there are ranges, which stats would keep to.
array files[2] = ["v_b_mix.tsv", "v_b_six.tsv"]
array blocks[2]
# A run of the mix alone makes one panel.
panels = system("ls v_b_six.tsv 2>/dev/null") eq "" ? 1 : 2
do for [panel = 1:panels] {
  stats files[panel] using 1 nooutput
  blocks[panel] = STATS_blocks
}
set logscale x
set xtics (3, 10, 100, 1000) nomirror
set ytics 0.05 nomirror
set grid ytics lc rgb "#dddddd" lt 1
set border 3
set xrange [2.4:1300]
set yrange [0.72:1.22]
set format y "%.2f"
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb "#333333" lw 1.5 back
array colours[6] = ["#777777", "#8c564b", "#2a9d8f", "#1f5fa8", "#d95f02", "#7b3294"]
array points[6] = [4, 8, 10, 7, 5, 9]
do for [kind in "svg png"] {
  if (kind eq "svg") { set terminal svg size 960,420 font "Helvetica,13" background "#ffffff" } \
  else { set terminal pngcairo size 1440,630 font "Helvetica,19" }
  set output "v_b.".kind
  set multiplot
  set tmargin at screen 0.9
  set bmargin at screen 0.14
  do for [panel = 0:panels - 1] {
    set lmargin at screen panel == 0 ? 0.075 : 0.46
    set rmargin at screen panels == 1 ? 0.8 : panel == 0 ? 0.43 : 0.815
    set title (panel == 0 ? "six benchmarks mixed" : "each benchmark with its own pools") font ",15"
    set xlabel "candidates m (log scale)"
    if (panel == 0) { set ylabel "V_B (1 = best single LLM on test)" } else { unset ylabel; set format y "" }
    if (panel < panels - 1) { unset key } else { set key at screen 0.995, screen 0.86 right top Left reverse samplen 2 spacing 1.2 }
    plot for [i = 0:blocks[panel + 1] - 2] files[panel + 1] index i using ($1 * 1.045 ** (i - 2)):2:3:4 with yerrorlines \
      pt points[1 + i % 6] ps 0.8 lw 1.8 lc rgb colours[1 + i % 6] title columnheader(1)
    set format y "%.2f"
  }
  unset multiplot
  set output
}
