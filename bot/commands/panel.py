"""The commands about panels: for auditors, and for whoever was in a draw."""

from __future__ import annotations

import typer

from bot.commands import panel_verify

group = typer.Typer(no_args_is_help=True, help="Check how a panel was drawn.")
panel_verify.add(group)
