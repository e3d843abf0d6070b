"""The methods that have an effect here, by their lower-case name."""

from __future__ import annotations

from tests.fakes.telegram.api import Method
from tests.fakes.telegram.methods import chats, messages, profile, updates

METHODS: dict[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": profile.get_me,
        "setWebhook": updates.set_webhook,
        "deleteWebhook": updates.delete_webhook,
        "getWebhookInfo": updates.webhook_info,
        "getUpdates": updates.get_updates,
        "sendMessage": messages.send_message,
        "sendPhoto": messages.send_photo,
        "sendDocument": messages.send_document,
        "editMessageText": messages.edit_text,
        "editMessageCaption": messages.edit_caption,
        "editMessageReplyMarkup": messages.edit_markup,
        "deleteMessage": messages.delete_message,
        "answerCallbackQuery": messages.answer_press,
        "setMyCommands": profile.set_commands,
        "getMyCommands": profile.get_commands,
        "deleteMyCommands": profile.delete_commands,
        "setMyName": profile.set_name,
        "getMyName": profile.get_name,
        "setMyDescription": profile.setter("description", 512),
        "getMyDescription": profile.getter("description"),
        "setMyShortDescription": profile.setter("short_description", 120),
        "getMyShortDescription": profile.getter("short_description"),
        "sendChatAction": chats.send_action,
        "getFile": chats.get_file,
        "getChat": chats.get_chat,
        "leaveChat": chats.leave_chat,
    }.items()
}
