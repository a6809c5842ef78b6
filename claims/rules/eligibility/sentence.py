"""Reader (c): a sentence for lawyers."""

from collections.abc import Mapping

from claims.rules.eligibility.tree import All, Any, Comparison, Not, Rule


def describe_rule(rule: Rule, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return the rule as a sentence. `words` gives the phrase of each operator, `labels` the name of each fact.

    A phrase under `OPERATOR_KIND`, such as `at_most_date`, goes before that of the operator, and one under
    `OPERATOR:VALUES`, the values in their order, before both: a long list that has a name.
    """
    match rule:
        case All(parts) | Any(parts):
            joint = words["and"] if isinstance(rule, All) else words["or"]
            return f" {joint} ".join(_in_brackets(part, describe_rule(part, words, labels)) for part in parts)
        case Not(part):
            return f"{words['not']} ({describe_rule(part, words, labels)})"
        case Comparison():
            values = ", ".join(labels.get(str(value), str(value)) for value in rule.values)
            phrase = words.get(f"{rule.operator}:{','.join(sorted(map(str, rule.values)))}") or words.get(
                f"{rule.operator}_{rule.kind}", words[rule.operator]
            )
            fact = words["quote"].format(fact=labels.get(rule.fact, rule.fact))
            return f"{fact} {phrase.format(values=values, age=rule.age)}"


def _in_brackets(rule: Rule, text: str) -> str:
    return f"({text})" if isinstance(rule, All | Any) and len(rule.parts) > 1 else text
