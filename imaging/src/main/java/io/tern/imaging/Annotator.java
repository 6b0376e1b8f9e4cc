package io.tern.imaging;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws labelled boxes on a copy of a picture. Needs a font on the machine (fontconfig on Linux), but no display; the
 * letters look as that font does.
 */
public final class Annotator {
    private static final int SMALLEST_FONT = 11;
    /** The golden ratio: steps of it around the colour circle never come close to each other soon. */
    private static final float HUE_STEP = 0.618034f;

    private Annotator() {}

    /** Later annotations lie over earlier ones and have the better places for labels: put the most important last. */
    public static RgbImage draw(RgbImage image, List<Annotation> annotations) {
        byte[] rgb = image.rgb().clone();
        Graphics2D graphics = Canvas.over(rgb, image.width(), image.height()).createGraphics();
        try {
            int shorterSide = Math.min(image.width(), image.height());
            float stroke = Math.max(2f, shorterSide / 250f);
            graphics.setStroke(new BasicStroke(stroke, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
            graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, Math.max(SMALLEST_FONT, shorterSide / 35)));
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            for (Annotation annotation : annotations) {
                drawBox(graphics, annotation, stroke);
            }
            List<Rectangle> labels = new ArrayList<>();
            for (Annotation annotation : annotations.reversed()) {
                drawLabel(graphics, annotation, new Rectangle(image.width(), image.height()), labels);
            }
        } finally {
            graphics.dispose();
        }
        return new RgbImage(image.width(), image.height(), rgb);
    }

    /** The stroke lies inside the box, so that nothing of it is lost at the picture's edge. */
    private static void drawBox(Graphics2D graphics, Annotation box, float stroke) {
        graphics.setColor(colour(box.kind()));
        graphics.draw(new Rectangle2D.Float(
                box.x1() + stroke / 2,
                box.y1() + stroke / 2,
                Math.max(0, box.x2() - box.x1() - stroke),
                Math.max(0, box.y2() - box.y1() - stroke)));
    }

    /** Above the box, or inside it where there is no room above; below the labels that are there already. */
    private static void drawLabel(Graphics2D graphics, Annotation box, Rectangle image, List<Rectangle> labels) {
        if (box.label().isEmpty()) {
            return;
        }
        FontMetrics metrics = graphics.getFontMetrics();
        int margin = Math.max(2, metrics.getHeight() / 6);
        int width = metrics.stringWidth(box.label()) + 2 * margin;
        int height = metrics.getAscent() + metrics.getDescent();
        int x = Math.max(0, Math.min((int) box.x1(), image.width - width));
        int y = (int) box.y1() - height >= 0 ? (int) box.y1() - height : (int) box.y1();
        Rectangle place = new Rectangle(x, y, width, height);
        while (labels.stream().anyMatch(place::intersects) && place.y + 2 * height <= image.height) {
            place.y += height;
        }
        labels.add(place);
        Color colour = colour(box.kind());
        graphics.setColor(colour);
        graphics.fill(place);
        graphics.setColor(isLight(colour) ? Color.BLACK : Color.WHITE);
        graphics.drawString(box.label(), x + margin, place.y + metrics.getAscent());
    }

    private static Color colour(int kind) {
        return Color.getHSBColor(0.33f + kind * HUE_STEP, 0.85f, 0.95f);
    }

    /** By the luminance of Rec. 601. */
    private static boolean isLight(Color colour) {
        return 0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue() > 140;
    }
}
