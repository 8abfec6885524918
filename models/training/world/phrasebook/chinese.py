"""Chinese phrasings."""

from __future__ import annotations

from ..vocabulary import THINGS
from .language import Language

COLOURS = {"red": "红色", "yellow": "黄色", "green": "绿色", "blue": "蓝色", "purple": "紫色", "black": "黑色"}


def _noun(thing: str, colour: str) -> str:
    """Chinese needs no article, so the definite and the indefinite noun phrase are the same."""
    return (COLOURS[colour] + "的" if colour else "") + THINGS[thing].chinese


CHINESE = Language(
    phrases={
        "all": ["发生了什么？", "描述你看到的。", "告诉我发生了什么。", "请解说这个视频。", "视频里发生了什么？", "请描述每一件事。"],
        "thing": ["{the}在做什么？", "{the}怎么了？", "看着{the}。", "告诉我{the}的情况。", "看到{the}时告诉我。", "{the}去哪儿了？"],
        "group": ["{the}在做什么？", "告诉我{the}的情况。", "看着{the}。", "{the}怎么了？"],
        "colour": ["{colour}在做什么？", "告诉我{colour}的情况。", "看着{colour}。"],
        "kind": ["{clause}的时候告诉我。", "如果{clause}，请告诉我。"],
        "kind:appear": ["什么出现了？", "来了什么？", "有什么进来了？"],
        "kind:leave": ["什么离开了？", "什么消失了？", "什么不见了？"],
        "kind:move": ["什么在移动？", "什么换了位置？"],
        "kind:size": ["什么变大或变小了？", "什么的大小变了？"],
        "kind:jump": ["什么在跳？", "谁跳了？"],
        "kind:spin": ["什么在旋转？", "什么在转？"],
        "kind:recolour": ["什么变了颜色？", "什么的颜色变了？"],
        "kind:cross": ["什么穿过画面？", "什么经过画面？"],
        "kind:pair": ["谁遇到了谁？", "什么从什么旁边经过？"],
        "kind:sign": ["牌子上写着什么？", "读一下牌子。", "上面写了什么？", "读出文字。"],
        "kind:score": ["比分是多少？", "读一下记分牌。", "比分怎么变？"],
        "kind:scene": ["我们在哪里？", "场景怎么变化？", "场景变化时告诉我。"],
        "kindgroup": ["{kind}？", "告诉我{kind}。"],
        "place": ["{place}发生了什么？", "{place}有什么事？", "看着{place}。"],
        "howmany": ["有多少{counted}？", "数一数{counted}。", "{counted}有几个？"],
        "tally": ["数一数{clause}多少次。", "{clause}几次了？"],
        "after": ["{clause}之后发生了什么？", "每次{clause}，接下来发生什么？"],
        "query": ["这是什么时候发生的：{query}？", "找到这个时刻：{query}。"],
        "now": ["你现在看到什么？", "现在画面里有什么？", "描述现在的画面。"],
        "nowplace": ["现在{place}有什么？", "{place}现在是什么？"],
        "nowcount": ["现在有多少{counted}？", "现在有几个{counted}？"],
        "nowwhere": ["{the}现在在哪里？", "现在{the}在哪儿？"],
        "nowcolour": ["{the}是什么颜色？", "{the}现在是什么颜色？"],
    },
    clauses={
        "appear": "有东西出现", "leave": "有东西离开", "move": "有东西移动", "size": "有东西变大或变小", "jump": "有东西跳",
        "spin": "有东西旋转", "recolour": "有东西变色", "cross": "有东西穿过画面", "pair": "两个东西相遇", "sign": "牌子出现",
        "score": "比分变化", "scene": "场景变化"},
    does={
        "appear": "哪些{the}出现", "leave": "哪些{the}离开", "move": "哪些{the}移动", "size": "哪些{the}变大或变小", "jump": "哪些{the}跳",
        "spin": "哪些{the}旋转", "recolour": "哪些{the}变色", "cross": "哪些{the}穿过画面"},
    places={"left": "左边", "middle": "中间", "right": "右边"},
    groups={"animal": "动物", "vehicle": "车辆", "food": "食物", "tool": "工具"},
    counted={"animal": "动物", "vehicle": "车辆", "food": "食物", "tool": "工具", "thing": "东西"},
    coloured={name: f"{word}的东西" for name, word in COLOURS.items()},
    definite=_noun,
    indefinite=_noun,
    instead=["改一下：{0}", "换个问题：{0}", "现在只看这个：{0}"],
    stop=["停。", "够了。", "请安静。"],
)
