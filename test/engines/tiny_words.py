"""The tokenizer and the chat template of tiny models whose words mean nothing."""
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def tokenizer(pictures: dict[str, str]) -> PreTrainedTokenizerFast:
    """Of bytes and a few words; `pictures`: the special tokens that stand for them, by name."""
    bytewise = Tokenizer(models.BPE())
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=["<pad>", "<s>", "<|im_start|>", "<|im_end|>", *pictures.values()],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    # "Yes" and "No" have to be single tokens.
    bytewise.train_from_iterator(["Yes No yes no A car comes in. Nothing happens. "] * 10, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=bytewise,
        bos_token="<s>",
        eos_token="<|im_end|>",
        pad_token="<pad>",
        extra_special_tokens=pictures,
    )
