"""Writes templates.json: chat templates with what Jinja renders from them, set up as transformers sets it up.

pip install jinja2==3.1.6; python models/golden/text/templates.py
The templates are written here. A case without "rendered" is one that Jinja refuses or whose template raises an error.
"""

import json
import pathlib

import jinja2
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
TALK = [{"role": "system", "content": "  Be brief.\n"}, {"role": "user", "content": " Hi, \"you\" & <b>é\u00a0🎉\t\\ "}, {"role": "assistant", "content": "Hello\n\nthere"}, {"role": "user", "content": "Bye"}]
SHORT = [{"role": "user", "content": "one two  three"}]

TEMPLATES = [
    # whole templates in the styles of several model families
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m.content.strip() + eos_token + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}",
    "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) and messages[0].role != 'system' %}{{ raise_exception('roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}{{ ' [INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'] | trim + eos_token }}{% else %}{{ '<<SYS>>' ~ message['content'] ~ '<</SYS>>' }}{% endif %}{% endfor %}",
    "{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content'] | trim %}\n    {%- set loop_messages = messages[1:] %}\n{%- else %}\n    {%- set system_message = 'You are helpful.' %}\n    {%- set loop_messages = messages %}\n{%- endif %}\n{{- '<|start|>system\\n' + system_message + '<|end|>' }}\n{%- for message in loop_messages %}\n    {{- '<|start|>' + message.role + '\\n' + message.content | trim + '<|end|>' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|start|>assistant\\n' }}\n{%- endif %}\n",
    "{%- set ns = namespace(last=-1, seen=[], text='') %}\n{%- for m in messages[::-1] %}\n{%- set index = (messages|length - 1) - loop.index0 %}\n{%- if m.role == 'user' and ns.last < 0 %}{% set ns.last = index %}{% endif %}\n{%- set ns.text = ns.text + m.role[0] %}\n{%- endfor %}\n{{ ns.last }} {{ ns.text }}",
    "{% for message in messages %}\n  {% if loop.first %}\nfirst\n  {% endif %}\n  {{ loop.index }}/{{ loop.length }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.last }}\n  {%+ if true %}kept{% endif +%}\n{# a comment #}\n  x\n{% endfor %}\nend\n\n",
    "{% set sep = '\n' %}{% for m in messages if m.role != 'system' %}{{ loop.index0 }}{{ m.content | upper }}{{ sep }}{% else %}none{% endfor %}",
    "{% for m in [] %}x{% else %}none{% endfor %}{% for k, v in {'a': 1, 'b': none}.items() %}{{ k }}={{ v }};{% endfor %}",
    # white space
    "  {% if true %}\n  a\n  {% endif %}\n  b\n", "a {%- if true -%}  b  {%- endif -%}  c", "a\n  {{- ' x ' -}}  \nb", "x {% if true %} y {% endif %} z", "\n\n{% if true %}\n\n{% endif %}\n\n",
    "a{# c #}\nb", "  {# c #}  \nb", "  {#- c -#}  \nb", "{% if true %}  {% if true %}\nq{% endif %}{% endif %}", "\r\na\r\n{% if true %}\r\nb\r\n{% endif %}\r\n", "{{ 'a' }}\n{{ 'b' }}\n", "{%- for i in range(3) %}\n{{ i }}\n{%- endfor %}", "a\n\t {%+ if true %}b{% endif %}",
    "{ % not a tag } {{ '{{ }} {% %}' }} {{ {'a': {'b': 1}}.a.b }} {{ [1, {'x': [2]}][1]['x'][0] }}",
    # literals and operators
    "{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 1.5 + 1 }} {{ 2 - -2 }} {{ -(3) }} {{ 1_000 }}", "{{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 'a' == 'a' and 1 != 2 }}",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'a' 'b' \"c\" }} {{ 'it\\'s \\\\ \\n \\t \\x41 \\u00e9 \\q' }}", "{{ not true }} {{ not not 1 }} {{ not 1 == 2 }} {{ 1 or 2 }} {{ 0 or '' or 'z' }} {{ 1 and 'y' }} {{ 0 and 2 }}",
    "{{ 'a' if false else 'b' }} {{ 'a' if true }}{{ 'x' if false }} {{ 1 if 0 else 2 if 0 else 3 }}", "{{ 'us' in 'user' }} {{ 2 in [1, 2] }} {{ 'k' in {'k': 1} }} {{ 'z' not in 'abc' }} {{ not 'z' in 'abc' }} {{ 'role' in messages[0] }} {{ 'x' in nothing }}",
    "{{ [1, 2] + [3] == [1, 2, 3] }} {{ ([1, 2, 3])|length }} {{ (1, 2)|first }} {{ ()|length }} {{ {'a': 1} == {'a': 1} }} {{ none == nothing }}", "{{ 1 + 2 ~ 3 + 4 }} {{ 2 * 3 ~ 1 }}",
    # names, items, slices
    "{{ messages[-1].content }} {{ messages[9] is defined }} {{ messages[0].nope is defined }} {{ messages[0]['nope'] }}|{{ nothing }}|", "{{ messages[1:]|length }} {{ messages[:-1]|length }} {{ messages[::2]|length }} {{ messages[::-1][0].content }} {{ messages[5:]|length }} {{ messages[-2:1]|length }}",
    "{{ 'abcdef'[1:3] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-2:] }} {{ 'abcdef'[4] }} {{ 'abc'[10:] }}. {{ 'abcdef'[4:1:-1] }} {{ 'a🎉b'[1] }} {{ 'abcdef'[-100:2] }} {{ 'abcdef'[:-100:-2] }}",
    # filters
    "{{ '  a b '|trim }}|{{ 'xxaxx'|trim('x') }}|{{ messages|length }} {{ 'é🎉'|length }} {{ {'a': 1}|count }}", "{{ 'aB'|upper }} {{ 'aB'|lower }} {{ 'hELLO wORLD'|capitalize }} {{ 5|string ~ 'x' }} {{ 'a-b-a'|replace('a', 'z') }} {{ 'a-b-a'|replace('a', 'z', 1) }}",
    "{{ nothing|default('d') }} {{ ''|default('d') }} {{ ''|default('d', true) }} {{ nothing|d }}. {{ none|default('d') }} {{ false|default('x', boolean=true) }}", "{{ ['a', 'b', 'c']|join(', ') }} {{ [1, none, true]|join }} {{ 'abc'|join('-') }} {{ messages|first|length }} {{ messages[0]|list|join('/') }} {{ []|first is defined }} {{ 'xyz'|last }}",
    "{{ messages|tojson }}", "{{ messages[0]|tojson(indent=2) }}", "{{ {'a': [1, 2.5, true, none, 'x\u0007\\u2028'], 'b': {}, 'c': []}|tojson }}", "{{ {'a': [1, {'b': 2}], 'c': []}|tojson(indent=4) }}", "{{ 'abc'|reverse|join }} {{ [3, 1]|reverse|first }} {{ {'a': 1}|items|first|first }}", "{{ -1|string }} {{ 'a'|upper ~ 'b'|upper }} {{ 'x'|upper|lower }}",
    # tests
    "{{ messages is defined }} {{ nothing is defined }} {{ nothing is not defined }} {{ nothing is undefined }} {{ none is none }} {{ 1 is not none }}", "{{ 'a' is string }} {{ 1 is number }} {{ true is number }} {{ true is boolean }} {{ 1 is boolean }} {{ {} is mapping }} {{ [] is sequence }} {{ 'a' is iterable }} {{ 1 is iterable }} {{ 1 is integer }} {{ true is integer }} {{ 1.0 is float }} {{ true is true }} {{ 1 is true }} {{ false is false }} {{ 2 is even }} {{ 3 is odd }} {{ nothing is iterable }} {{ nothing is sequence }}",
    "{{ not nothing is defined }} {{ 1 + 1 is odd }} {{ nothing is defined and nothing.x }}",
    # methods
    "{{ ' a '.strip() }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}|{{ 'xax'.strip('x') }}|{{ '\n\na\n'.strip('\n') }}", "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'bc')) }} {{ 'abc'.endswith('ab') }} {{ 'a,b,,c'.split(',') | join('|') }} {{ ' a  b c '.split() | join('|') }} {{ 'a,b,c'.split(',', 1)|join('|') }} {{ ' a b  c '.split(none, 1)|join('|') }}",
    "{{ '<think>x</think>y'.split('</think>')[-1].lstrip('\n') }} {{ 'aXbX'.replace('X', '') }} {{ 'aXbX'.replace('X', '-', 1) }} {{ 'hello'.find('l') }} {{ 'hello'.find('z') }} {{ 'aB'.upper() }}{{ 'aB'.lower() }}{{ 'aB'.capitalize() }}",
    "{{ messages[0].get('role') }} {{ messages[0].get('x') }} {{ messages[0].get('x', 'y') }} {{ messages[0].keys()|list|join(',') }} {{ messages[0].values()|list|last }}", "{{ messages[0].items()|list|length }} {{ {'items': 3}['items'] }} {{ {'role': 1}.role }}",
    # set
    "{% set a, b = 1, 2 %}{{ a + b }}{% set t = 'x', 'y' %}{{ t|join }}{% set c %}in {{ a }}\n{% endset %}[{{ c }}]", "{% set x = 1 %}{% for i in range(3) %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}",
    "{% for i in range(2) %}{% for j in range(i, 5, 2) %}{{ loop.index }}:{{ j }} {% endfor %}{{ loop.index }};{% endfor %}", "{% for m in messages %}{{ (loop.previtem.role if loop.previtem is defined) ~ '>' ~ (loop.nextitem.role if loop.nextitem is defined else '-') }} {% endfor %}", "{% for i in range(4, 0, -1) %}{{ i }}{% endfor %}{{ range(3)|list|length }}",
    # refused by both
    "{{ raise_exception('no') }}", "{{ nothing.x }}", "{{ nothing + 1 }}", "{{ 1 + 'a' }}", "{{ 1 / 0 }}", "{{ nothing() }}", "{% if %}{% endif %}", "{% if true %}", "{% endif %}", "{{ 1 ", "{{ 'a }}", "{% for x in 3 %}{% endfor %}", "{{ (1, 2 }}", "{{ a b }}", "{% set 1 = 2 %}", "{% for a, b in [[1]] %}{% endfor %}", "{{ messages.append(1) }}", "{% nope %}", "{{ 'a'|nope }}", "{{ 1 is nope }}", "{% else %}", "{{ 1 + }}", "{{ }}", "{# open", "{{ 1 < 'a' }}", "{{ range(1000000)|length }}", "{{ none.x.y }}", "{{ [1][::0] }}", "{% set messages.x = 1 %}",
]


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    return env


def case(env, template, messages, prompt):
    one = {"template": template, "messages": messages, "add_generation_prompt": prompt}
    try:
        one["rendered"] = env.from_string(template).render(messages=messages, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>")
    except Exception as error:
        one["error"] = type(error).__name__
    return one


def main():
    env = environment()
    cases = [case(env, template, messages, prompt) for template in TEMPLATES for messages, prompt in ((TALK, True), (SHORT, False))]
    head = {"about": __doc__.split("\n")[0], "made_by": f"Jinja2 {jinja2.__version__}, bos_token <s>, eos_token </s>"}
    lines = ",\n".join(json.dumps(one) for one in cases)
    (HERE / "templates.json").write_text(json.dumps(head)[:-1] + ',\n"cases": [\n' + lines + "\n]}\n")
    for one in cases[::2]:
        if "error" in one:
            print(one["error"], one["template"])


if __name__ == "__main__":
    main()
