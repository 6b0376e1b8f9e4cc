"""Writes conversations.json: templates in the manner of several families, with tools and calls, and what Jinja renders from them.

pip install jinja2==3.1.6; python models/golden/text/conversations.py
The templates are written here, with the constructs that those of the families use. "now" is 2026-11-28 09:05:03.
"""

import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 11, 28, 9, 5, 3)
WEATHER = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a \"town\" & <more>", "parameters": {
    "type": "object", "properties": {"town": {"type": "string", "description": "Name"}, "days": {"type": "integer", "minimum": 1, "maximum": 2.5, "default": 1e-05, "enum": [1, 2]}}, "required": ["town"]}}}
TIME = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}
CALL = {"id": "abcdef123", "type": "function", "function": {"name": "get_weather", "arguments": {"town": "Zürich", "days": 2, "exact": True, "near": None, "x": 1.5}}}
OTHER = {"id": "xyz987654", "type": "function", "function": {"name": "get_time", "arguments": {}}}
TALKS = {
    "plain": ([{"role": "user", "content": " Hi \n"}], []),
    "system": ([{"role": "system", "content": "Be brief. "}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello"}, {"role": "user", "content": "Bye"}], []),
    "tools": ([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather?"}], [WEATHER, TIME]),
    "bare tools": ([{"role": "user", "content": "Weather?"}], [WEATHER]),
    "call": ([{"role": "user", "content": "Weather?"}, {"role": "assistant", "content": None, "tool_calls": [CALL]}, {"role": "tool", "content": "{\"sun\": true}", "tool_call_id": "abcdef123"}], [WEATHER, TIME]),
    "calls": ([{"role": "user", "content": "Both?"}, {"role": "assistant", "content": "Let me see", "tool_calls": [CALL, OTHER]}, {"role": "tool", "content": "sun", "tool_call_id": "abcdef123"}, {"role": "tool", "content": "noon", "tool_call_id": "xyz987654"},
               {"role": "assistant", "content": "Sun at noon."}, {"role": "user", "content": "Thanks"}], [WEATHER, TIME]),
}

TEMPLATES = {
    "hermes": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- else %}{{- 'You help.' }}{%- endif %}
    {{- "\\n# Tools\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning_content)) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}{{- '\\n' }}{%- endif %}
                {%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
                {{- '<tool_call>\\n{"name": "' }}
                {{- tool_call.name }}
                {{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}{{- tool_call.arguments }}{%- else %}{{- tool_call.arguments | tojson }}{%- endif %}
                {{- '}\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' }}{{- content }}{{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}{{- '<|im_end|>\\n' }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}""",
    "headers": """{{- bos_token }}
{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}
{%- if not tools_in_user_message is defined %}{%- set tools_in_user_message = true %}{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|head|>system<|end|>\\n\\n" }}
{%- if builtin_tools is defined or tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{%- if builtin_tools is defined %}{{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\\n\\n" }}{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot|>" }}
{%- if tools_in_user_message and not tools is none %}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content'] | trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("no first user message") }}
    {%- endif %}
    {{- '<|head|>user<|end|>\\n\\n' -}}
    {{- "Functions:\\n\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot|>" }}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|head|>' + message['role'] + '<|end|>\\n\\n' + message['content'] | trim + '<|eot|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls | length == 1 %}
            {{- raise_exception("one call at once") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {%- if builtin_tools is defined and tool_call.name in builtin_tools %}
            {%- for arg_name, arg_val in tool_call.arguments | items %}{{- arg_name + '="' + arg_val + '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
        {%- else %}
            {{- '<|head|>assistant<|end|>\\n\\n' -}}
            {{- '{"name": "' + tool_call.name + '", ' }}
            {{- '"parameters": ' }}
            {{- tool_call.arguments | tojson }}
            {{- "}" }}
        {%- endif %}
        {{- "<|eot|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|head|>ipython<|end|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
        {{- "<|eot|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|head|>assistant<|end|>\\n\\n' }}{%- endif %}
""",
    "instructions": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("roles must alternate") }}{%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val|tojson }}{%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
        {%- endif %}
        {%- if loop.last and system_message is defined %}{{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}{%- else %}{{- "[INST] " + message["content"] + "[/INST]" }}{%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}{{- raise_exception("ids have 9 letters") }}{%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool_results" or message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}{%- set content = message.content.content %}{%- else %}{%- set content = message.content %}{%- endif %}
        {{- '[TOOL_RESULTS] {"content": ' + content|string + ", " }}
        {%- if not message.tool_call_id is defined or message.tool_call_id|length != 9 %}{{- raise_exception("ids have 9 letters") }}{%- endif %}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception("another role") }}
    {%- endif %}
{%- endfor %}
""",
    "turns": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}{%- set first_user_prefix = messages[0]['content'] + '\\n\\n' -%}{%- else -%}{%- set first_user_prefix = messages[0]['content'][0]['text'] + '\\n\\n' -%}{%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception("roles must alternate") }}{%- endif -%}
    {%- if (message['role'] == 'assistant') -%}{%- set role = "model" -%}{%- else -%}{%- set role = message['role'] -%}{%- endif -%}
    {{ '<start_of_turn>' + role + '\\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}{{ '<image>' }}{%- elif item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{'<start_of_turn>model\\n'}}{%- endif -%}
""",
    "macros": """{%- macro typed(spec, nullable=false) -%}
    {%- if spec.enum is defined -%}{{ spec.enum | map('string') | join(' | ') }}
    {%- elif spec.type == "object" -%}{ {%- for name, inner in spec.properties.items() -%}{{ name }}: {{ typed(inner) }}{%- if not loop.last %}, {% endif -%}{%- endfor -%} }
    {%- else -%}{{ spec.type }}{%- endif -%}
    {%- if nullable %} | null{% endif -%}
{%- endmacro -%}
{%- macro tool_lines(tools) -%}
{%- for tool in tools | map(attribute='function') | sort(attribute='name') %}
// {{ tool.description | default('none', true) | upper }}
type {{ tool.name | title }} = ({{ typed(tool.parameters, nullable=loop.first) }}) => any;
{%- endfor %}
{%- endmacro -%}
{%- set reasoning = reasoning_effort | default("medium") -%}
<|start|>system<|message|>{{ strftime_now("%Y-%m-%d %H:%M:%S %A %B %-d %j %y %I %p") }} {{ reasoning }}
{%- if tools %}{{ tool_lines(tools) }}{%- endif -%}
{%- for message in messages -%}
    {%- if message.role == "system" %}{% continue %}{% endif -%}
    {%- if loop.index > 5 %}{% break %}{% endif -%}
    {%- if message.role == "assistant" -%}
        {%- generation -%}<|start|>assistant{{ (message.tool_calls | default([]) | map(attribute='function.name') | list | join('+')) or '' }}<|message|>{{ message.content or '' }}{%- endgeneration -%}
    {%- else -%}
        <|start|>{{ message.role }}<|message|>{{ message.content | indent(2) }}
    {%- endif -%}
{%- endfor -%}
{{- messages | rejectattr('role', 'in', ['user', 'tool']) | map(attribute='role') | unique | list | tojson }}{% if add_generation_prompt %}<|start|>assistant{% endif %}""",
    "pieces": """{{ [3, 1, 2] | sort | join }} {{ ['b', 'A', 'a', 'B'] | unique | list | tojson }} {{ ['b', 'A'] | sort | tojson }} {{ [1, 2, 3, 4] | select('even') | list | tojson }} {{ [0, 1, '', 'x'] | select | list | tojson }} {{ [1, 5] | select('gt', 2) | list | tojson }}
{{ 3 is divisibleby 3 }} {{ 'a' is in ['a'] }} {{ 1 is eq 1 }} {{ 1 is ne(2) }} {{ 'x' is sameas 'y' }} {{ raise_exception is callable }} {{ 'ab' is lower }} {{ 'AB' is upper }} {{ 5 is ge 5 and 4 is lt 5 or false }} {{ 'a' is equalto 'a' if true else 'b' }} {{ 1 is not equalto 2 }}
{{ '12' | int + 1 }} {{ 'x' | int(7) }} {{ 2.7 | int }} {{ '1.5' | float }} {{ -3 | abs }} {{ 2.5 | round }} {{ 2.345 | round(2) }} {{ 'a b-c' | title }} {{ 'a\\nb\\n\\nc' | indent }}|{{ 'a\\nb' | indent(2, true) }} {{ {'b': 1, 'a': 2} | dictsort | list | tojson }} {{ 'x' | safe }}
{{ {'b': [1, 2], 'a': 1e22, 'c': 1e-7, 'd': 100.0, 'e': 123456789.125} | tojson(separators=(',', ':'), sort_keys=true) }} {{ 1e16 }} {{ 0.0001 }} {{ 1.5e300 }} {{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }} {{ '12'.isdigit() }} {{ 'ab cd'.title() }} {{ dict(a=1).a }}
{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}{% macro m(a, b='x') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{% set c = 'late' %}{{ m(1) }}{{ m(b=2, a=3) }}{{ m() }}
{% for m in messages | selectattr('tool_calls', 'defined') %}{{ m.tool_calls | map(attribute='function.name') | join(',') }}{% endfor %}{% for m in messages | map(attribute='nothing', default='-') %}{{ m }}{% endfor %}""",
}


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return body


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, Generation])

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = lambda value, ensure_ascii=False, indent=None, separators=None, sort_keys=False: json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    env.globals.update(raise_exception=raise_exception, strftime_now=lambda format: NOW.strftime(format))
    return env


def main():
    env = environment()
    cases = []
    for name, template in TEMPLATES.items():
        for talk, (messages, tools) in TALKS.items():
            for prompt in (True, False):
                one = {"template": name, "talk": talk, "add_generation_prompt": prompt}
                try:
                    one["rendered"] = env.from_string(template).render(messages=messages, tools=tools or None, documents=None, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>")
                except Exception as error:
                    one["error"] = f"{type(error).__name__}: {error}"
                cases.append(one)
    head = {"about": __doc__.split("\n")[0], "made_by": f"Jinja2 {jinja2.__version__}, bos_token <s>, eos_token </s>, now 2026-11-28T09:05:03", "templates": TEMPLATES, "talks": {k: {"messages": m, "tools": t} for k, (m, t) in TALKS.items()}}
    (HERE / "conversations.json").write_text(json.dumps(head)[:-1] + ',\n"cases": [\n' + ",\n".join(json.dumps(one) for one in cases) + "\n]}\n")
    for one in cases:
        if "error" in one:
            print(one["template"], one["talk"], one["error"])


if __name__ == "__main__":
    main()
