package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions in a scope. Owned by one rendering. */
record Evaluator(Scope scope, Budget budget) {

    Value evaluate(Expression expression) {
        budget.enter(expression.line());
        Value value = compute(expression);
        budget.leave();
        return value;
    }

    private Value compute(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListOf list ->
                new Value.Sequence(list.items().stream().map(this::evaluate).toList());
            case Expression.MapOf map -> mapping(map);
            case Expression.Attribute attribute -> attribute(attribute);
            case Expression.Item item -> item(item);
            case Expression.Slice slice -> slice(slice);
            case Expression.Call call -> call(call);
            case Expression.Filtered filtered -> filter(filtered);
            case Expression.Test test -> test(test);
            case Expression.Not not -> new Value.Bool(!evaluate(not.operand()).isTrue());
            case Expression.Negative negative ->
                Operator.SUBTRACT.apply(new Value.Whole(0), evaluate(negative.operand()), budget, negative.line());
            case Expression.And and -> {
                Value first = evaluate(and.left());
                yield first.isTrue() ? evaluate(and.right()) : first;
            }
            case Expression.Or or -> {
                Value first = evaluate(or.left());
                yield first.isTrue() ? first : evaluate(or.right());
            }
            case Expression.Binary binary ->
                binary.operator().apply(evaluate(binary.left()), evaluate(binary.right()), budget, binary.line());
            case Expression.Conditional conditional -> conditional(conditional);
        };
    }

    private Value filter(Expression.Filtered filtered) {
        Value input = evaluate(filtered.input());
        return filtered.filter().apply(input, arguments(filtered.name(), filtered.arguments(), filtered.line()));
    }

    private Value test(Expression.Test test) {
        Value input = evaluate(test.input());
        Call call = arguments(test.test().toString(), test.arguments(), test.line());
        return new Value.Bool(test.test().holds(input, call) != test.negated());
    }

    private Value conditional(Expression.Conditional conditional) {
        if (evaluate(conditional.condition()).isTrue()) {
            return evaluate(conditional.then());
        }
        return conditional.otherwise() == null
                ? new Value.Undefined("the else of an if")
                : evaluate(conditional.otherwise());
    }

    private Value mapping(Expression.MapOf map) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < map.keys().size(); i++) {
            if (!(evaluate(map.keys().get(i)) instanceof Value.Text key)) {
                throw new TemplateException(map.line(), "a key that is no string");
            }
            entries.put(key.plain(), evaluate(map.values().get(i)));
        }
        return new Value.Mapping(entries);
    }

    /** As in Jinja a dot finds a method before an entry, brackets an entry before a method. */
    private Value attribute(Expression.Attribute attribute) {
        Value object = evaluate(attribute.object());
        Value method = Methods.find(object, attribute.name());
        return method != null ? method : entry(object, attribute.name(), attribute.line());
    }

    private Value item(Expression.Item item) {
        Value object = evaluate(item.object());
        return switch (evaluate(item.key())) {
            case Value.Text key -> {
                Value entry = entry(object, key.plain(), item.line());
                Value method = entry instanceof Value.Undefined ? Methods.find(object, key.plain()) : null;
                yield method != null ? method : entry;
            }
            case Value.Whole(long place) -> place(object, place, item.line());
            case Value other -> throw new TemplateException(item.line(), "key: " + other.typeName());
        };
    }

    private static Value entry(Value object, String name, int line) {
        Value found = switch (object) {
            case Value.Mapping(Map<String, Value> entries) -> entries.get(name);
            case Value.Namespace(Map<String, Value> entries) -> entries.get(name);
            case Value.Undefined _ ->
                throw new TemplateException(line, name + " of " + object.typeName() + " (expected: a value)");
            default -> null;
        };
        return found == null ? new Value.Undefined(name) : found;
    }

    private static Value place(Value object, long place, int line) {
        if (object instanceof Value.Undefined || object instanceof Value.None) {
            throw new TemplateException(line, "item of " + object.typeName() + " (expected: a list)");
        }
        if (!(object instanceof Value.Sequence || object instanceof Value.Text)) {
            return new Value.Undefined("item " + place);
        }
        List<Value> items = Iteration.items(object, line);
        long counted = place < 0 ? place + items.size() : place;
        return counted < 0 || counted >= items.size() ? new Value.Undefined("item " + place) : items.get((int) counted);
    }

    private Value slice(Expression.Slice slice) {
        return Iteration.slice(
                evaluate(slice.object()),
                orNone(slice.start()),
                orNone(slice.stop()),
                orNone(slice.step()),
                budget,
                slice.line());
    }

    private Value orNone(@Nullable Expression expression) {
        return expression == null ? Value.None.INSTANCE : evaluate(expression);
    }

    private Value call(Expression.Call call) {
        Value function = evaluate(call.function());
        if (function instanceof Value.Function(String name, Value.Function.Body body)) {
            return body.apply(arguments(name, call.arguments(), call.line()));
        }
        throw new TemplateException(call.line(), "a call of " + function.typeName() + " (expected: a function)");
    }

    private Call arguments(String name, Expression.Arguments arguments, int line) {
        List<Value> positional =
                arguments.positional().stream().map(this::evaluate).toList();
        Map<String, Value> named = new LinkedHashMap<>();
        arguments.named().forEach((key, value) -> named.put(key, evaluate(value)));
        return new Call(name, positional, named, budget, line);
    }

    MarkedText print(Expression expression) {
        return Print.text(evaluate(expression), expression.line());
    }
}
