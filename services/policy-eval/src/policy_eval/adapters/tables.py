"""The tables of policy-eval. Evaluations are never changed; `release_input` says which one counts."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("release_id", String(36), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("record", LargeBinary, nullable=False),  # application.ports.EvaluationRecord as JSON
    Column("components_of", String(36)),  # the one whose rows of components are this one's too; None = its own
    Column("same_as", String(36)),  # the one that says the same, whose other rows are this one's too; None = its own
    Column("basis", LargeBinary),  # application.basis, JSON; None = from before it was kept
    Column("opened", String(64)),  # SHA-256 as hex of the fingerprints of its open questions
    Column("inherited", String(64)),  # adapters.inheritance: what came from the release before
    Index("evaluation_of_release", "release_id", "id"),
)

release_input = Table(
    "release_input",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("evaluation_id", String(36)),
    Column("revision", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),  # shared.contracts.events.ReleaseState as JSON
    Column("documents", LargeBinary, nullable=False),  # list of CurrentDocument as JSON
    Column("project", Text),  # of the release
    Column("archived", Boolean),
    Column("archive_told_at", String(40)),  # when the gateway last said so, or the contrary
    Index("release_input_evaluation", "evaluation_id"),
    Index("release_input_of_project", "project", "release_id"),
)

release_answer = Table(
    "release_answer",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("step", String(40), primary_key=True),  # shared.contracts.steps.StepName
    Column("answer_id", String(36), primary_key=True),  # of the decision that the current evaluation rests on
    Column("inherited_from", String(36)),  # the first release of the project that rests on it
)

decided_component = Table(
    "decided_component",
    metadata,
    Column("evaluation_id", String(36), ForeignKey("evaluation.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("purl", Text),
    Column("release_id", String(36)),  # of the evaluation: lists of releases are in this order
    Column("purl_name", Text),  # domain.purls: the index key of the canonical purl up to its version
    Column("purl_version", Text),  # that of the version: the purl's, else the component's
    Column("name", Text, nullable=False),
    Column("version", Text),
    Column("effective_license", Text),
    Column("category", String(50), nullable=False),
    Column("verdict", String(30), nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("paths", LargeBinary),  # JSON list of lists of positions
    Column("shown", LargeBinary, nullable=False),  # JSON, as the API shows it but for direct and paths
    Index("decided_component_of_package", "purl_name", "release_id", "evaluation_id", "purl_version"),
    Index("decided_component_of_version", "purl_name", "purl_version", "release_id", "evaluation_id"),
)

evaluation_license = Table(
    "evaluation_license",
    metadata,
    Column("license", Text, primary_key=True),  # domain.component_search: a key of the components' effective licences
    Column("evaluation_id", String(36), ForeignKey("evaluation.id"), primary_key=True),
    Column("release_id", String(36)),  # of the evaluation
    Index("evaluation_license_of_release", "license", "release_id", "evaluation_id"),
)

question = Table(
    "question",
    metadata,
    Column("evaluation_id", String(36), ForeignKey("evaluation.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("severity", String(10), nullable=False),
    Column("shown", LargeBinary, nullable=False),  # domain.findings.Question as JSON
)

finding = Table(
    "finding",
    metadata,
    Column("evaluation_id", String(36), ForeignKey("evaluation.id"), primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("question", Integer, nullable=False),
    Column("component", Integer),
    Column("fingerprint", String(64), nullable=False),
    Column("subject", LargeBinary),  # JSON, where the finding is about no single component
    Column("waived", LargeBinary),  # JSON, as the API shows the waiver
    Column("inherited_from", String(36)),  # the project's release before, if the same question was open there
)

explanation = Table(
    "explanation",
    metadata,
    Column("evaluation_id", String(36), ForeignKey("evaluation.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # application.explanations
)
