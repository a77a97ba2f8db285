"""Certificates that were issued before there was a journal are all there after it, with their files."""

from __future__ import annotations

from sqlalchemy import text

from course.storage.migrations import downgrade, upgrade

WHEN = "2026-11-22 09:30:00"


def test_certificates_and_files_survive_the_step_to_the_journal_and_back(engine):
    downgrade(engine, "0002")
    with engine.begin() as connection:
        connection.execute(
            text(f"insert into learner (id, created_at, language, version) values (1, '{WHEN}', 'fi', 0)")
        )
        for number in (1, 2):
            connection.execute(
                text(
                    "insert into certificate (id, learner_id, track_id, edition, code, issued_at, facts, facts_hash) "
                    f"values ({number}, 1, 'track-{number}', '2026.1', 'code-{number}', '{WHEN}', :facts, 'hash')"
                ),
                {"facts": '{"language": "fi"}'},
            )
        connection.execute(
            text(
                f"insert into certificate_file (certificate_id, pdf, sha256, made_at) values (1, :pdf, 'sha', '{WHEN}')"
            ),
            {"pdf": b"the very bytes"},
        )
    for step in (lambda: upgrade(engine), lambda: downgrade(engine, "0002"), lambda: upgrade(engine)):
        step()
        with engine.connect() as connection:
            codes = connection.execute(text("select code from certificate order by id")).scalars().all()
            assert codes == ["code-1", "code-2"]
            files = connection.execute(text("select certificate_id, pdf from certificate_file")).all()
            assert [(one, bytes(pdf)) for one, pdf in files] == [(1, b"the very bytes")]
    with engine.connect() as connection:
        lines = connection.execute(text("select certificate_id, deed, actor from certificate_event order by 1")).all()
        assert [tuple(line) for line in lines] == [(1, "issued", "holder"), (2, "issued", "holder")]
        assert connection.execute(text("select distinct sequence from certificate")).scalars().all() == [1]
