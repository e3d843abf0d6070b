"""The people of a trial: what each of them does with a phone, and what that must come to."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from bot.chat.messages import pack
from tests.crash.scene import OPTIONS, TOPICS, Scene
from tests.fakes.telegram import Person, TelegramFake

PATIENCE = 90.0  # seconds; they begin only when nobody is killed any more
IDEAS_A_DAY = 18


@dataclass
class Ledger:
    """What people did and may hold us to: what they wrote, chose last, and waited for in vain."""

    ideas: dict[str, int] = field(default_factory=dict)
    answers: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    seconds: dict[tuple[int, int], bool] = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)
    broadcasts: list[int] = field(default_factory=list)
    said: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    stalled: list[str] = field(default_factory=list)
    done: int = 0
    waits: list[float] = field(default_factory=list)


class Inbox:
    """Every message of the bot by chat, read off the double's record as it grows."""

    def __init__(self, fake: TelegramFake) -> None:
        self._server = fake.server
        self._read = 0
        self.by_chat: dict[int, list[tuple[int, str]]] = defaultdict(list)

    def look(self) -> None:
        """Read what is new."""
        requests = self._server.requests
        while self._read < len(requests):
            found = requests[self._read]
            self._read += 1
            if found.method.lower() == "sendmessage" and found.status == 200:
                message = found.response["result"]
                self.by_chat[message["chat"]["id"]].append((message["message_id"], message["text"]))


class Town:
    """Members who write and press, and a facilitator who sends to all, until told to go home."""

    def __init__(self, fake: TelegramFake, scene: Scene, seed: int, pause: tuple[float, float] = (0.3, 1.0)) -> None:
        self.fake, self.scene, self.pause = fake, scene, pause
        self.ledger = Ledger()
        self.inbox = Inbox(fake)
        self.over = False
        self._dice = random.Random(seed)
        self._lives: list[Future[None]] = []
        self.phones: dict[int, Person] = {}
        for person, chat in scene.chats.items():
            self.phones[person] = fake.user(f"Person {person}", language_code="en", started=True)
            assert self.phones[person].id == chat

    def live(self, *, broadcasts_every: float | None = 15.0) -> None:
        """Everybody begins."""
        for person in self.scene.active:
            self._begin(Member(self, person, random.Random(self._dice.random())).live())
        if broadcasts_every is not None:
            self._begin(self._sends_to_all(broadcasts_every))

    def _begin(self, life: Coroutine[Any, Any, None]) -> None:
        self._lives.append(self.fake.play(life))

    def go_home(self) -> None:
        """Everybody finishes what was begun."""
        self.over = True
        for life in self._lives:
            life.result(PATIENCE * 4)
        self._lives.clear()

    async def _sends_to_all(self, every: float) -> None:
        facilitator = Member(self, self.scene.facilitator, random.Random(0))
        await facilitator.arrives()
        for prompt in self.scene.broadcasts:
            for _moment in range(int(every * 10)):
                if self.over:
                    return
                await asyncio.sleep(0.1)
            self.ledger.broadcasts.append(prompt)
            facilitator.presses(f"sendnow:{prompt}")


class Member:
    """Somebody with a phone: writes, waits for the answer as people do, and goes on."""

    def __init__(self, town: Town, person: int, dice: random.Random) -> None:
        self._town, self._person, self._dice = town, person, dice
        self._phone = town.phones[person]
        self._topics = list(range(TOPICS))
        self._ideas = 0
        self._home = 0
        dice.shuffle(self._topics)

    @property
    def _messages(self) -> list[tuple[int, str]]:
        return self._town.inbox.by_chat[self._phone.id]

    def presses(self, data: str, message: int | None = None) -> None:
        """Press a button that carries this, under one's first message or under the one given."""
        self._phone.presses_raw(data, message or self._home)

    async def arrives(self) -> None:
        """Have a message, under which things can be pressed."""
        self._says("/help")
        self._home = await self._hears("/mydata")

    async def live(self) -> None:
        """One thing after the other, each a few moments after the last."""
        ledger = self._town.ledger
        try:
            await self.arrives()
            while not self._town.over:
                await asyncio.sleep(self._dice.uniform(*self._town.pause))
                await self._dice.choice(self._can)()
                ledger.done += 1
        except TimeoutError as error:
            ledger.stalled.append(f"person {self._person} {error}")

    @property
    def _can(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        found = [self._votes, self._seconds]
        if self._topics:
            found += [self._answers, self._answers]
        if self._ideas < IDEAS_A_DAY:
            found.append(self._offers)
        return found

    def _says(self, text: str) -> None:
        self._town.ledger.said[self._phone.id].append(text)
        self._phone.says(text)

    async def _hears(self, words: str) -> int:
        """Wait for a message that holds these words; its number."""
        began = asked = time.monotonic()
        seen = 0
        while time.monotonic() - began < PATIENCE:
            if not self._town.over:
                began = time.monotonic()
            self._town.inbox.look()
            messages = self._messages
            for number, text in messages[seen:]:
                if words in text:
                    self._town.ledger.waits.append(time.monotonic() - asked)
                    return number
            seen = len(messages)
            await asyncio.sleep(0.02)
        raise TimeoutError(f"never heard {words!r}")

    async def _offers(self) -> None:
        """One to three ideas, straight after each other."""
        texts = []
        for _one in range(min(self._dice.randint(1, 3), IDEAS_A_DAY - self._ideas)):
            self._ideas += 1
            texts.append(f"Idea {self._ideas} of person {self._person}.")
            self._town.ledger.ideas[texts[-1]] = self._person
            self._says(f"/idea {texts[-1]}")
        for text in texts:
            await self._hears(text)

    async def _seconds(self) -> None:
        """Second an idea, or no longer."""
        idea = self._dice.choice(self._town.scene.ideas)
        key = (idea, self._person)
        seconded = not self._town.ledger.seconds.get(key, False)
        self._town.ledger.seconds[key] = seconded
        self.presses(f"{'second' if seconded else 'unsecond'}:{idea}")

    async def _votes(self) -> None:
        """Send a vote, perhaps another straight after it; the last one counts."""
        for _one in range(self._dice.randint(1, 2)):
            ticked = self._dice.randrange(1, 1 << len(OPTIONS))
            self._town.ledger.votes[self._person] = ticked
            self.presses(f"cast:{self._town.scene.ballot}:{pack(ticked)}")

    async def _answers(self) -> None:
        """Answer a topic: a press, then a few words."""
        topic = self._topics.pop()
        prompt = self._town.scene.questionnaires[topic]
        self.presses(f"open:answers:{prompt}")
        number = await self._hears(f"Pick for Topic {topic}?")
        option = f"o{self._dice.randint(1, len(OPTIONS))}"
        self.presses(f"a:answers:{prompt}:q1:{option}", number)
        await self._hears(f"Why for Topic {topic}?")
        words = f"Because of {self._person} and {topic}."
        self._town.ledger.answers[prompt, self._person] = {"q1": option, "q2": words}
        self._says(words)
        await self._hears(words)
