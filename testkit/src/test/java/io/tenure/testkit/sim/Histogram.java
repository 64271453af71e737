package io.tenure.testkit.sim;

import java.io.PrintWriter;
import java.util.Locale;

/** Bars in an SVG: how many percent of something fell into each step of a scale. */
final class Histogram {
  private static final int LEFT = 70;
  private static final int WIDTH = 780;
  private static final int HEIGHT = 220;
  private static final String[] COLOURS = {"#4c78a8", "#e45756"};

  /** One set of bars and what they show. */
  record Series(String name, long[] counts) {
    private long sum() {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }

    private double percent(int step) {
      return 100.0 * counts[step] / Math.max(1, sum());
    }
  }

  private final PrintWriter out;
  private final int top;
  private double most;

  private Histogram(PrintWriter out, int top) {
    this.out = out;
    this.top = top;
  }

  /**
   * Draws one.
   *
   * @param top where it begins; it is 320 high
   * @param ticks what stands below the axis, evenly from its left end to its right end
   */
  static void draw(
      PrintWriter out, int top, String title, String axis, String[] ticks, Series... all) {
    new Histogram(out, top + 50).draw(title, axis, ticks, all);
  }

  private void draw(String title, String axis, String[] ticks, Series[] all) {
    int steps = all[0].counts().length;
    for (Series series : all) {
      for (int step = 0; step < steps; step++) {
        most = Math.max(most, series.percent(step));
      }
    }
    most = Math.max(5, Math.ceil(most / 5) * 5);
    text(LEFT, top - 30, "start", 16, title);
    text(LEFT - 8, top - 12, "end", 12, "share");
    grid();
    double width = (double) WIDTH / steps;
    for (int i = 0; i < all.length; i++) {
      double bar = 0.9 * width / all.length;
      for (int step = 0; step < steps; step++) {
        bar(LEFT + step * width + 0.05 * width + i * bar, bar, all[i].percent(step), COLOURS[i]);
      }
      legend(i, all[i]);
    }
    for (int i = 0; i < ticks.length; i++) {
      double x = LEFT + (double) WIDTH * i / (ticks.length - 1);
      line(x, top + HEIGHT, x, top + HEIGHT + 5, "#333");
      text(x, top + HEIGHT + 20, "middle", 12, ticks[i]);
    }
    text(LEFT + WIDTH / 2.0, top + HEIGHT + 42, "middle", 13, axis);
  }

  private void grid() {
    int parts = 5;
    for (int i = 0; i <= parts; i++) {
      double y = top + HEIGHT - (double) HEIGHT * i / parts;
      line(LEFT, y, LEFT + WIDTH, y, i == 0 ? "#333" : "#ddd");
      text(LEFT - 8, y + 4, "end", 12, String.format(Locale.ROOT, "%.0f %%", most * i / parts));
    }
  }

  private void bar(double x, double width, double percent, String colour) {
    double height = HEIGHT * percent / most;
    rectangle(x, top + HEIGHT - height, width, height, colour);
  }

  private void legend(int index, Series series) {
    int y = top - 44 + 20 * index;
    rectangle(LEFT + WIDTH - 300, y, 12, 12, COLOURS[index]);
    String name = String.format(Locale.ROOT, "%s (%,d)", series.name(), series.sum());
    text(LEFT + WIDTH - 282, y + 11, "start", 13, name);
  }

  private void rectangle(double x, double y, double width, double height, String colour) {
    out.printf(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        x,
        y,
        width,
        height,
        colour);
  }

  private void line(double x1, double y1, double x2, double y2, String colour) {
    out.printf(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        x1,
        y1,
        x2,
        y2,
        colour);
  }

  private void text(double x, double y, String anchor, int size, String text) {
    out.printf(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>%n",
        x,
        y,
        anchor,
        size,
        text);
  }
}
