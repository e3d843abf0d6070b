"""An echo bot on python-telegram-bot behind a webhook, which remembers nothing: `python ptb.py PORT API [--limited]`.

With `--limited` its calls go through the library's rate limiter, opened so far that it never has to wait.
"""

import json
import sys
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, MessageHandler, filters

PORT, API = int(sys.argv[1]), sys.argv[2]
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SECRET = "s" * 40


async def echo(update: Any, context: Any) -> None:
    await context.bot.send_message(update.effective_chat.id, "2/3 · Hva tenker du om neste? " + update.message.text)


async def press(update: Any, context: Any) -> None:
    query = update.callback_query
    chat = query.message.chat.id
    await query.answer()
    await context.bot.edit_message_text("1/3 · Hva? Svar: ja", chat_id=chat, message_id=query.message.message_id)
    await context.bot.send_message(chat, "2/3 · Hva tenker du om neste?")


async def main() -> None:
    builder = Application.builder().token(TOKEN).base_url(f"{API}/bot").updater(None).concurrent_updates(64)
    if "--limited" in sys.argv:
        builder = builder.rate_limiter(
            AIORateLimiter(overall_max_rate=1e6, overall_time_period=1, group_max_rate=1e6, group_time_period=1)
        )
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(press))

    async def hook(request: Request) -> Response:
        if request.headers.get("x-telegram-bot-api-secret-token") != SECRET:
            return Response(status_code=401)
        await application.update_queue.put(Update.de_json(json.loads(await request.body()), application.bot))
        return Response()

    async with application:
        await application.start()
        app = Starlette(routes=[Route("/telegram", hook, methods=["POST"])])
        server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=PORT, log_level="error", http="httptools", loop="none")
        )
        print("ready", flush=True)
        await server.serve()
        await application.stop()


uvloop.run(main())
