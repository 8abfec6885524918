/**
 * The template that lays a conversation out as MMDuet was trained. A user's message of pictures alone is a stream
 * turn, which stays open at the end: there, without a generation prompt, a frame's scores are read.
 */
export const chatTemplate = [
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
  '  {%- if not (watching and loop.last and not add_generation_prompt) -%}',
  "    {{- '<|im_end|>' -}}",
  '  {%- endif -%}',
  '{%- endfor -%}',
  '{%- if add_generation_prompt -%}',
  "  {{- '\\n<|im_start|>assistant\\n' -}}",
  '{%- endif -%}',
  '',
].join('\n');
