"""Public holidays by country: the days on which nobody is disturbed."""

from __future__ import annotations

from functools import lru_cache

from bot.domain.schedule import Holiday


@lru_cache
def holiday_rule(country: str) -> Holiday:
    """Whether a day is a public holiday in a country ("dk", "no")."""
    import holidays  # heavy, and needed only when reminders are planned

    days = holidays.country_holidays(country.upper())
    return lambda day: day in days
