package io.tern.launcher.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells whether a port is free and, where the system shows it, which process listens on it. */
public final class PortOwner {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String LISTENING = "0A";

    private PortOwner() {}

    /** Whether this process could listen there now. */
    public static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: connections of an earlier run that linger in TIME_WAIT are not in the way.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** {@code nginx (pid 12)}; empty if it belongs to somebody else or the system does not tell. */
    public static Optional<String> of(int port) {
        return socketInode(port)
                .flatMap(PortOwner::holder)
                .or(() -> askLsof(port))
                .map(PortOwner::describe);
    }

    /** Inode of the listening socket, from the kernel's tables: {@code sl local rem st tx:rx tr:when retr uid out inode}. */
    private static Optional<String> socketInode(int port) {
        String suffix = ":%04X".formatted(port);
        for (String table : List.of("net/tcp", "net/tcp6")) {
            try {
                for (String line : Files.readAllLines(PROCESSES.resolve(table))) {
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields.length > 9 && fields[1].endsWith(suffix) && fields[3].equals(LISTENING)) {
                        return Optional.of(fields[9]);
                    }
                }
            } catch (IOException _) {
                // No such table here: the next one, or lsof.
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> holder(String inode) {
        String target = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> holds(pid, target))
                .findFirst();
    }

    private static boolean holds(long pid, String target) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(PROCESSES.resolve(String.valueOf(pid)).resolve("fd"))) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).toString().equals(target)) {
                    return true;
                }
            }
        } catch (IOException _) {
            // Ended meanwhile, or another user's.
        }
        return false;
    }

    private static Optional<Long> askLsof(int port) {
        return Tool.ask("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
                .flatMap(answer -> answer.lines().findFirst())
                .filter(pid -> pid.matches("\\d+"))
                .map(Long::valueOf);
    }

    private static String describe(long pid) {
        String program = ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> Path.of(command).getFileName().toString().toLowerCase(Locale.ROOT))
                .orElse("a process");
        return program + " (pid " + pid + ")";
    }
}
