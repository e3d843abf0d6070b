"""An echo bot on aiogram 3 behind a webhook, which remembers nothing: `python aio.py PORT API`."""

import json
import sys

import uvicorn
import uvloop
from aiogram import Bot, Dispatcher, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PORT, API = int(sys.argv[1]), sys.argv[2]
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SECRET = "s" * 40
dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: types.Message) -> None:
    assert message.bot is not None
    await message.bot.send_message(message.chat.id, "2/3 · Hva tenker du om neste? " + (message.text or ""))


@dispatcher.callback_query()
async def press(query: types.CallbackQuery) -> None:
    assert query.bot is not None and query.message is not None
    chat = query.message.chat.id
    await query.answer()
    await query.bot.edit_message_text("1/3 · Hva? Svar: ja", chat_id=chat, message_id=query.message.message_id)
    await query.bot.send_message(chat, "2/3 · Hva tenker du om neste?")


async def main() -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API)))

    async def hook(request: Request) -> Response:
        if request.headers.get("x-telegram-bot-api-secret-token") != SECRET:
            return Response(status_code=401)
        update = types.Update.model_validate(json.loads(await request.body()), context={"bot": bot})
        await dispatcher.feed_update(bot, update)
        return Response()

    app = Starlette(routes=[Route("/telegram", hook, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=PORT, log_level="error", http="httptools", loop="none")
    )
    print("ready", flush=True)
    await server.serve()
    await bot.session.close()


uvloop.run(main())
