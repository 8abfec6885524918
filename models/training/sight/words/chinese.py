"""Chinese."""

from __future__ import annotations

from sight.words.language import Items, Named, listed
from sight.world.things import THINGS

NUMBERS = "零 一 两 三 四 五 六 七 八 九 十 十一 十二".split()
GROUP_FORMS = {"animal": ("只", "动物"), "vehicle": ("辆", "车"), "thing": ("个", "东西")}
PLACES = {"left": "左边", "middle": "中间", "right": "右边"}


class Chinese:
    name, joint = "zh", "和"
    questions = {
        "narrate": ["发生了什么？", "现在在发生什么？", "描述一下发生的事。", "告诉我发生了什么。", "解说一下视频。", "把发生的一切都告诉我。"],
        "come": ["有{many}进来时告诉我。", "看到{many}时告诉我。", "{many}来了告诉我。", "如果出现{many}，请提醒我。", "有{many}出现就说一声。", "当{a}进来时告诉我。", "等{many}来了叫我。", "请告诉我什么时候有{many}进来。", "看到{many}就告诉我。", "一有{many}就通知我。"],
        "come_side": ["有{many}从{side}进来时告诉我。", "{many}从{side}来了告诉我。"],
        "go": ["{many}离开时告诉我。", "{many}走了告诉我。", "当{many}离开时提醒我。", "{many}不见了就说一声。"],
        "thing": ["{the}在做什么？", "{the}怎么了？", "注意{the}。", "看着{the}。", "跟踪{the}。", "说说{the}。"],
        "count": ["有多少{many}？", "有几{a_measure}？", "现在有几{a_measure}？", "数一数{many}。", "你看到多少{many}？", "画面里有几{a_measure}？"],
        "presence": ["有{many}吗？", "你看到{many}了吗？", "画面里有{many}吗？", "有没有{many}？"],
        "place": ["{place}有什么？", "{place}是什么？", "你在{place}看到什么？"],
        "where": ["{the}在哪里？", "{the}在哪儿？", "{the}在什么地方？"],
        "now": ["你看到什么？", "现在有什么？", "画面里有什么？", "你现在能看到什么？"],
        "stop": ["停。", "够了。", "算了。", "别说了。", "不用了。", "停止。"],
    }
    people = {"come": ["有人来了告诉我。", "有人进来时告诉我。", "有人出现就提醒我。"], "come_side": ["有人从{side}进来时告诉我。"], "go": ["有人离开时告诉我。", "有人走了告诉我。"],
              "presence": ["有人吗？", "那里有人吗？"], "place": ["谁在{place}？"]}

    def forms(self, named: Named) -> dict[str, str]:
        noun = self._words(named)[1]
        return {"a": self.phrase(named, 1), "many": noun, "the": noun, "the_many": noun, "a_measure": "".join(self._words(named))}

    def _words(self, named: Named) -> tuple[str, str]:
        return GROUP_FORMS[named] if isinstance(named, str) else THINGS[named].chinese

    def phrase(self, named: Named, count: int) -> str:
        measure, noun = self._words(named)
        return f"{NUMBERS[count]}{measure}{noun}" if count < len(NUMBERS) else f"很多{noun}"

    def side_words(self, side: str) -> str:
        return PLACES[side]

    def place_words(self, place: str) -> str:
        return PLACES[place]

    def event(self, kind: str, items: Items, side: str, place: str) -> str:
        subject = self._list(items)
        through = f"从{PLACES[side]}" if side else ""
        if kind == "appear":
            return f"{PLACES[place] if place else ''}出现了{subject}。"
        return subject + {"enter": f"{through}进来了", "leave": f"{through}离开了", "vanish": "不见了", "nearer": "靠近了"}[kind] + "。"

    def _list(self, items: Items) -> str:
        return listed([self.phrase(*item) for item in items], self.joint, "、")

    def there(self, items: Items) -> str:
        return f"有{self._list(items)}。"

    def none(self, named: Named) -> str:
        return "什么也没有。" if named == "thing" else f"没有{self._words(named)[1]}。"

    def at(self, items: Items, place: str) -> str:
        return f"{PLACES[place]}有{self._list(items)}。" if items else f"{PLACES[place]}什么也没有。"

    def where(self, named: Named, count: int, place: str) -> str:
        return f"{self._words(named)[1]}在{PLACES[place]}。" if count == 1 else self.at([(named, count)], place)

    def yes(self, sentence: str) -> str:
        return f"有，{sentence}"

    def no(self, sentence: str) -> str:
        return sentence
