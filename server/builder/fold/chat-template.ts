/**
 * The template that lays a conversation out as MMDuet was trained. A user's message of pictures alone is a
 * stream turn. With `duet_read` among the template's arguments (`chat_template_kwargs` of vLLM and SGLang) it
 * stays open at the end, without a generation prompt: there a frame's scores are read.
 */
export const chatTemplate = [
  '{%- set reading = duet_read is defined and duet_read -%}',
  '{%- for message in messages -%}',
  "  {%- set seen = namespace(pictures='', text='') -%}",
  "  {%- if message['content'] is string -%}",
  "    {%- set seen.text = message['content'] -%}",
  '  {%- else -%}',
  "    {%- for part in message['content'] -%}",
  "      {%- if part['type'] == 'text' -%}",
  "        {%- set seen.text = seen.text + part['text'] -%}",
  "      {%- elif part['type'] in ['image', 'image_url'] -%}",
  "        {%- set seen.pictures = seen.pictures + '<image>' -%}",
  "      {%- elif part['type'] in ['video', 'video_url'] -%}",
  "        {%- set seen.pictures = seen.pictures + '<video>' -%}",
  '      {%- endif -%}',
  '    {%- endfor -%}',
  '  {%- endif -%}',
  "  {%- set watching = seen.pictures != '' and seen.text == '' -%}",
  "  {{- '' if loop.first else '\\n' -}}",
  "  {{- '<|im_start|>' + ('stream' if watching else message['role']) + '\\n' + seen.pictures + seen.text -}}",
  '  {%- if not (watching and loop.last and reading) -%}',
  "    {{- '<|im_end|>' -}}",
  '  {%- endif -%}',
  '{%- endfor -%}',
  '{%- if add_generation_prompt and not reading -%}',
  "  {{- '\\n<|im_start|>assistant\\n' -}}",
  '{%- endif -%}',
  '',
].join('\n');
