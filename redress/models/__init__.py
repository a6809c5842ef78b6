from redress.models.scenarios import ScenarioDocument, ScenarioPart, ScenarioRun

__all__ = ["ScenarioDocument", "ScenarioPart", "ScenarioRun"]
