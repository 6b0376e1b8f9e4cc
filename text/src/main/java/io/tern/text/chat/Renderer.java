package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Carries out statements. Owned by one rendering. */
final class Renderer {
    private final Budget budget;
    private MarkedText.Builder output = new MarkedText.Builder();

    Renderer(Budget budget) {
        this.budget = budget;
    }

    MarkedText render(List<Statement> template, Scope scope) {
        run(template, scope);
        return output.build();
    }

    /** How a body has ended. */
    private enum End {
        WHOLE,
        TURN,
        LOOP
    }

    private End run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            End end = run(statement, scope);
            if (end != End.WHOLE) {
                return end;
            }
        }
        return End.WHOLE;
    }

    private End run(Statement statement, Scope scope) {
        Evaluator evaluator = new Evaluator(scope, budget);
        switch (statement) {
            case Statement.Data(String text) -> append(MarkedText.trusted(text), 0);
            case Statement.Output(Expression expression) -> append(evaluator.print(expression), expression.line());
            case Statement.If(Expression condition, List<Statement> then, List<Statement> otherwise) -> {
                return run(evaluator.evaluate(condition).isTrue() ? then : otherwise, scope);
            }
            case Statement.For loop -> {
                return loop(loop, scope, evaluator);
            }
            case Statement.Leave(boolean wholeLoop, int line) -> {
                budget.step(line);
                return wholeLoop ? End.LOOP : End.TURN;
            }
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Statement.Set(List<String> names, Expression value, int line) ->
                assign(names, evaluator.evaluate(value), scope, line);
            case Statement.SetAttribute set -> setAttribute(set, scope, evaluator);
            case Statement.SetBlock(String name, List<Statement> body) ->
                scope.set(name, captured(body, new Scope(scope)));
        }
        return End.WHOLE;
    }

    /** Writes with its parameters, within what the template has set when it is called. */
    private Value macro(Statement.Macro macro, Scope scope) {
        return new Value.Function(macro.name(), call -> {
            call.accepts(macro.parameters().size(), macro.parameters().toArray(String[]::new));
            Scope inner = new Scope(scope);
            for (int i = 0; i < macro.parameters().size(); i++) {
                String parameter = macro.parameters().get(i);
                Value given = call.find(i, parameter);
                Expression absent = macro.absent().get(parameter);
                if (given == null && absent != null) {
                    given = new Evaluator(inner, budget).evaluate(absent);
                }
                inner.set(parameter, given == null ? new Value.Undefined(parameter) : given);
            }
            return captured(macro.body(), inner);
        });
    }

    private void append(MarkedText text, int line) {
        output.append(text);
        budget.checkLength(output.length(), line);
    }

    private End loop(Statement.For loop, Scope scope, Evaluator evaluator) {
        List<Value> items = new ArrayList<>();
        for (Value item : Iteration.items(evaluator.evaluate(loop.items()), loop.line())) {
            Scope turn = new Scope(scope);
            assign(loop.names(), item, turn, loop.line());
            if (loop.filter() == null
                    || new Evaluator(turn, budget).evaluate(loop.filter()).isTrue()) {
                items.add(item);
            }
        }
        for (int i = 0; i < items.size(); i++) {
            Scope turn = new Scope(scope);
            assign(loop.names(), items.get(i), turn, loop.line());
            turn.set("loop", new Value.Mapping(loopVariables(items, i)));
            if (run(loop.body(), turn) == End.LOOP) {
                return End.WHOLE;
            }
        }
        return items.isEmpty() ? run(loop.otherwise(), scope) : End.WHOLE;
    }

    private static Map<String, Value> loopVariables(List<Value> items, int index) {
        int size = items.size();
        Map<String, Value> loop = new HashMap<>();
        loop.put("index0", new Value.Whole(index));
        loop.put("index", new Value.Whole(index + 1));
        loop.put("revindex0", new Value.Whole(size - 1 - index));
        loop.put("revindex", new Value.Whole(size - index));
        loop.put("length", new Value.Whole(size));
        loop.put("first", new Value.Bool(index == 0));
        loop.put("last", new Value.Bool(index == size - 1));
        if (index > 0) {
            loop.put("previtem", items.get(index - 1));
        }
        if (index + 1 < size) {
            loop.put("nextitem", items.get(index + 1));
        }
        return loop;
    }

    private void assign(List<String> names, Value value, Scope scope, int line) {
        budget.step(line);
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<Value> parts = Iteration.items(value, line);
        if (parts.size() != names.size()) {
            throw new TemplateException(line, parts.size() + " values for " + names);
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }

    private static void setAttribute(Statement.SetAttribute set, Scope scope, Evaluator evaluator) {
        if (!(scope.get(set.namespace()) instanceof Value.Namespace(Map<String, Value> entries))) {
            throw new TemplateException(set.line(), set.namespace() + " (expected: a namespace)");
        }
        entries.put(set.attribute(), evaluator.evaluate(set.value()));
    }

    private Value captured(List<Statement> body, Scope scope) {
        MarkedText.Builder outside = output;
        output = new MarkedText.Builder();
        run(body, scope);
        MarkedText text = output.build();
        output = outside;
        return new Value.Text(text);
    }
}
