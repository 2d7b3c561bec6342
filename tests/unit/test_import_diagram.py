from infra.import_diagram import edges, mermaid


def test_imports_between_modules_become_imports_between_packages() -> None:
    found = edges([("risk.rules.cel", "risk.domain.errors"), ("risk.rules.cel", "risk.rules.lists")])
    assert found == [("risk.rules", "risk.domain")]


def test_an_import_that_another_path_implies_is_left_out() -> None:
    found = edges([("risk.c.x", "risk.b.x"), ("risk.b.x", "risk.a.x"), ("risk.c.y", "risk.a.y")])
    assert found == [("risk.b", "risk.a"), ("risk.c", "risk.b")]


def test_each_root_is_a_box_of_its_packages() -> None:
    assert "  subgraph risk\n    risk_a[a]\n    risk_b[b]\n  end\n  risk_b --> risk_a" in mermaid(
        [("risk.b", "risk.a")]
    )
