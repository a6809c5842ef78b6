"""The damage engine: build a model, draw its parts anywhere in any order, put them together."""

from redress.rules.draws import Part, draw_part
from redress.rules.model import BLOCK, ENGINE, Model, build_model
from redress.rules.results import Broken, summarise

__all__ = ["BLOCK", "ENGINE", "Broken", "Model", "Part", "build_model", "draw_part", "summarise"]
