"""What readers give, taken for something else."""

from pconfigs import pdiff, pdump, pexplain, pselect, pwalk
from system import trainer

print(pdiff(trainer, trainer).input)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
print(pexplain(trainer, "lr").place)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
widths: dict[str, int] = pselect(trainer, int)  # wrong: mypy[assignment] pyright[reportAssignmentType]
text: str = pdump(trainer)  # wrong: mypy[assignment] pyright[reportAssignmentType]
pdump(trainer, to="yaml")  # wrong: mypy[call-overload] pyright[reportArgumentType] pyright[reportCallIssue]
for path, field, value in pwalk(trainer):
    print(field.name)  # wrong: mypy[union-attr] pyright[reportOptionalMemberAccess]
