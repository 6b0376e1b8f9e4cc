package io.tern.launcher.report;

import io.tern.launcher.host.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code doctor} says of its checks. */
public final class CheckTable {
    private CheckTable() {}

    /** A row for each check, and what follows from all. */
    public static List<String> of(List<Check> checks) {
        TextTable table = new TextTable("", "check", "found");
        checks.forEach(check -> table.row(check.verdict().name().toLowerCase(Locale.ROOT), check.name(), check.line()));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(
                checks.stream().anyMatch(Check::failed)
                        ? "Tern cannot start here yet; what fails says what to do."
                        : "Tern can start here.");
        return lines;
    }
}
