"""The scoring model: its few parameters, where they come from, and how they are stored (JSON, never executable)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sevident.errors import ConfigurationError
from sevident.scoring.prominence import ProminenceSettings

FORMAT_VERSION = 3


@dataclass(frozen=True)
class Anchors:
    """A logistic scale fixed at three points: ``low`` scores 0.1, ``half`` 0.5 and ``high`` 0.9."""

    low: float
    half: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.half < self.high:
            raise ValueError(f"anchors must rise: low {self.low}, half {self.half}, high {self.high}")

    @property
    def span(self) -> float:
        """Distance of the outer anchors."""
        return self.high - self.low


@dataclass(frozen=True)
class Alternatives:
    """Multinomial logistic regression that names what a sample is when it is not small EVs.

    ``coefficients[class][axis]`` act on ``(value - mean) / scale``.
    """

    axes: list[str]
    mean: list[float]
    scale: list[float]
    classes: list[str]
    intercepts: list[float]
    coefficients: list[list[float]]


@dataclass(frozen=True)
class Calibration:
    """A straight line on the log-odds of small EVs (Platt 1999), fitted on laboratories left out."""

    slope: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise ValueError(f"a calibration must rise: slope {self.slope}")


@dataclass(frozen=True)
class ScoreModel:
    """Everything that scoring needs beyond a sample's own table. Made by ``sevident.reference.model``."""

    prominence: ProminenceSettings
    axes: dict[str, list[str]]  # axis -> panels whose prominences are averaged
    shares: dict[str, list[str]]  # axis -> panels whose mass fractions are summed
    expected_slope: float  # vesicle prominence that non-vesicular material shows per unit of intracellular prominence
    identity: Anchors
    purity_soluble: Anchors
    purity_intracellular: Anchors
    share_floor: float  # added to every share before a ratio is taken: the least share that is worth distinguishing
    alternatives: Alternatives
    calibration: Calibration = Calibration()
    #: panels whose share of protein mass a verdict looks at beside the axes; they may overlap with those
    witnesses: dict[str, list[str]] = field(default_factory=dict)
    #: farthest that a labelled sample lies from the nearest one of another laboratory (see ``neighbours``)
    domain_limit: float | None = None
    provenance: dict[str, object] = field(default_factory=dict)


def save(model: ScoreModel, path: Path) -> None:
    """Write the model as JSON with sorted keys."""
    from sevident.tables import write_atomically

    content = {"format_version": FORMAT_VERSION, **asdict(model)}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))


def load(path: Path) -> ScoreModel:
    """Read a model; ConfigurationError when the file is missing, is not JSON or is of another format version."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            "the scoring model is missing",
            where=str(path),
            advice="restore resources/reference from the release, or rebuild it with `sevident reference`",
        ) from None
    except json.JSONDecodeError as error:
        raise ConfigurationError("the scoring model is not valid JSON", where=f"{path}, line {error.lineno}") from None
    version = raw.pop("format_version", None)
    if version != FORMAT_VERSION:
        raise ConfigurationError(
            "the scoring model is of another format version",
            where=str(path),
            found=str(version),
            expected=str(FORMAT_VERSION),
            advice="rebuild it with `sevident reference`",
        )
    try:
        return ScoreModel(
            prominence=ProminenceSettings(**raw.pop("prominence")),
            identity=Anchors(**raw.pop("identity")),
            purity_soluble=Anchors(**raw.pop("purity_soluble")),
            purity_intracellular=Anchors(**raw.pop("purity_intracellular")),
            alternatives=Alternatives(**raw.pop("alternatives")),
            calibration=Calibration(**raw.pop("calibration")),
            **raw,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            "the scoring model lacks or misnames a part", where=str(path), found=str(error)
        ) from None
