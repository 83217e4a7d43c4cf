// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Results as one page that needs nothing else. */
public final class LoadHtml {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 240;
  private static final int LEFT = 60;
  private static final int BOTTOM = 30;
  private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99};

  private final StringBuilder page = new StringBuilder();

  private LoadHtml() {}

  /** Returns the page. */
  public static String of(LoadResult result, String title) {
    return new LoadHtml().write(result, title);
  }

  private String write(LoadResult result, String title) {
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(escape(title))
        .append("</title>\n<style>\n")
        .append(style())
        .append("</style>\n</head>\n<body>\n<main>\n<h1>")
        .append(escape(title))
        .append("</h1>\n");
    figures(result);
    percentiles(result);
    timeline(result);
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private void figures(LoadResult result) {
    page.append("<section class=\"scores\">\n");
    figure(String.format(Locale.ROOT, "%.0f/s", result.goodput()), "good within one second");
    for (double percentile : new double[] {50, 99, 99.9}) {
      String name = percentile == 99.9 ? "p99.9" : "p" + (int) percentile;
      figure(String.format(Locale.ROOT, "%.1f ms", result.millis(percentile)), name);
    }
    figure(Long.toString(result.failed()), "failed");
    page.append("</section>\n<p class=\"facts\">")
        .append(
            result.plan().isOpen()
                ? "Open model, " + result.plan().rate() + " requests/s"
                : "Closed model")
        .append(", ")
        .append(result.plan().connections())
        .append(" connections, ")
        .append(result.plan().keepAlive() ? "kept alive" : "a new one each request")
        .append(
            String.format(
                Locale.ROOT,
                ", %.1f s, %d requests, %d retried",
                result.seconds(),
                result.requests(),
                result.retried()));
    for (Map.Entry<String, Long> error : new TreeMap<>(result.errors()).entrySet()) {
      page.append(", ").append(escape(error.getKey())).append(": ").append(error.getValue());
    }
    page.append(".</p>\n");
  }

  private void figure(String value, String name) {
    page.append("<div><b>")
        .append(value)
        .append("</b><span>")
        .append(name)
        .append("</span></div>\n");
  }

  private void percentiles(LoadResult result) {
    page.append("<h2>Latency by percentile</h2>\n");
    double most = Math.max(0.1, result.millis(99.99));
    frame("milliseconds by percentile", most, "ms");
    StringBuilder points = new StringBuilder();
    double last = nines(99.99);
    for (double nine = 0; nine <= last; nine += last / 100) {
      double percentile = 100 * (1 - Math.pow(10, -nine));
      point(points, nine / last, result.millis(percentile) / most);
    }
    line(points, "p");
    for (double mark : MARKS) {
      double x = LEFT + (WIDTH - LEFT) * nines(mark) / last;
      text(
          x,
          HEIGHT - 8,
          mark == Math.rint(mark) ? Integer.toString((int) mark) : Double.toString(mark),
          mark > 99.9 ? "end" : "middle");
    }
    page.append("</svg>\n");
  }

  private static double nines(double percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  private void timeline(LoadResult result) {
    List<LoadResult.Second> seconds = result.timeline();
    plot(seconds, "Answers each second", "", LoadResult.Second::answers);
    plot(seconds, "99th percentile each second", "ms", LoadResult.Second::p99);
  }

  private void plot(
      List<LoadResult.Second> seconds,
      String title,
      String unit,
      ToDoubleFunction<LoadResult.Second> figure) {
    page.append("<h2>").append(title).append("</h2>\n");
    double most = Math.max(0.1, seconds.stream().mapToDouble(figure).max().orElse(1));
    frame(title, most, unit);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < seconds.size(); i++) {
      point(
          points,
          seconds.size() < 2 ? 0 : i / (double) (seconds.size() - 1),
          figure.applyAsDouble(seconds.get(i)) / most);
    }
    line(points, "t");
    text(LEFT, HEIGHT - 8, "0 s", "start");
    text(WIDTH - 4, HEIGHT - 8, seconds.size() + " s", "end");
    page.append("</svg>\n");
  }

  private void frame(String label, double most, String unit) {
    page.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            HEIGHT,
            escape(label)));
    for (int i = 0; i <= 4; i++) {
      double y = (HEIGHT - BOTTOM) - (HEIGHT - BOTTOM - 10) * i / 4.0;
      page.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
              LEFT,
              y,
              WIDTH,
              y));
      text(
          LEFT - 6,
          y + 4,
          String.format(Locale.ROOT, most < 10 ? "%.2f" : "%.0f", most * i / 4)
              + (i == 4 ? " " + unit : ""),
          "end");
    }
  }

  private static void point(StringBuilder points, double x, double y) {
    points.append(
        String.format(
            Locale.ROOT,
            "%.1f,%.1f ",
            LEFT + (WIDTH - LEFT) * x,
            (HEIGHT - BOTTOM) - (HEIGHT - BOTTOM - 10) * Math.min(1, y)));
  }

  private void line(StringBuilder points, String type) {
    page.append("<polyline class=\"")
        .append(type)
        .append("\" points=\"")
        .append(points.toString().strip())
        .append("\"/>\n");
  }

  private void text(double x, double y, String text, String anchor) {
    page.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            text));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String style() {
    try (InputStream in = Objects.requireNonNull(LoadHtml.class.getResourceAsStream("load.css"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the kit's own style sheet can't be read", e);
    }
  }
}
