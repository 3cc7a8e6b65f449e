using Microsoft.Data.Sqlite;
using Yolact.Edge.Messaging.Outbox;

namespace Yolact.Edge.Benchmarks;

/// <summary>What the outbox would be on SQLite: a table, write-ahead log, a sync with each commit; what was acknowledged goes with the next one.</summary>
internal sealed class SqliteOutbox : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _delete;

    public SqliteOutbox(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "outbox.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            + "CREATE TABLE message (sequence INTEGER PRIMARY KEY, topic TEXT, type TEXT, id TEXT, source TEXT, time INTEGER, payload BLOB)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO message VALUES ($sequence, $topic, $type, $id, $source, $time, $payload)";
        foreach (string name in (string[])["$sequence", "$topic", "$type", "$id", "$source", "$time", "$payload"])
            _insert.Parameters.Add(new SqliteParameter(name, null));
        _delete = _connection.CreateCommand();
        _delete.CommandText = "DELETE FROM message WHERE sequence <= $sequence";
        _delete.Parameters.Add(new SqliteParameter("$sequence", null));
    }

    public void Append(ReadOnlySpan<Promise> messages, long acknowledged)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        (_insert.Transaction, _delete.Transaction) = (transaction, transaction);
        foreach (ref readonly Promise promise in messages)
        {
            object[] values =
            [
                promise.Sequence, promise.Message.Topic, promise.Message.Type, promise.Message.Header.Id, promise.Message.Header.Source,
                promise.Message.Header.Time.Utc.Ticks, promise.Message.Payload.WrittenMemory.ToArray(),
            ];
            for (int i = 0; i < values.Length; i++)
                _insert.Parameters[i].Value = values[i];
            _insert.ExecuteNonQuery();
        }
        _delete.Parameters[0].Value = acknowledged;
        _delete.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _delete.Dispose();
        _connection.Dispose();
    }

    private void Execute(string text)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
