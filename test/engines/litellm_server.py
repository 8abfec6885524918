"""Starts LiteLLM's proxy in front of an engine, whose model it calls "through".

Needs: pip install 'litellm[proxy]'
Usage: python test/engines/litellm_server.py PORT URL; serves until it is killed.
"""
import os
import pathlib
import sys
import tempfile

port, url = sys.argv[1:]
config = pathlib.Path(tempfile.mkdtemp()) / "config.yaml"
config.write_text(
    f"""
model_list:
  - model_name: through
    litellm_params: {{model: openai/fake, api_base: "{url}", api_key: sk-of-the-engine-1234}}
litellm_settings: {{num_retries: 0, telemetry: false}}
general_settings: {{master_key: sk-of-the-proxy-1234}}
"""
)
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
command = str(pathlib.Path(sys.executable).parent / "litellm")
os.execv(command, [command, "--config", str(config), "--host", "127.0.0.1", "--port", port])
