"""One scenario through every door: direct, Telegram, Slack, and the web page with its mails."""
