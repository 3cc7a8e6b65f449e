using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Yolact.Edge.Messaging.Outbox.Log;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>The writing thread.</summary>
public sealed partial class MessageOutbox
{
    private readonly List<Promise> _batch = [];
    private readonly List<Action> _givers = [];

    private void Write()
    {
        bool open = true;
        while (open)
        {
            open = _inbox.Take(Gathering, Idle, TakeOver);
            if (_batch.Count > 0)
                Keep(CollectionsMarshal.AsSpan(_batch));
            foreach (Action giver in _givers)
                giver();
            _inbox.Done(_batch.Count);
            if (_batch.Count > 0)
                Filled?.Invoke();
            _batch.Clear();
            _givers.Clear();
            Maintain(closing: !open);
        }
        _log?.Dispose();
    }

    private void TakeOver(OutboxInbox.Entry entry)
    {
        if (entry.Message is { } message)
            _batch.Add(new Promise(++_sequence, message));
        if (entry.Promised is { } promised)
            _givers.Add(promised);
    }

    private void Keep(ReadOnlySpan<Promise> batch)
    {
        if (_log is { } log && _problem is null)
        {
            try
            {
                log.Append(batch);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Fail(e);
            }
            foreach (ref readonly Promise promise in batch)
            {
                if (promise.Sequence <= log.LastSequence)
                    promise.Message.Payload.Dispose();
                else
                    Remember(promise);
            }
            return;
        }
        foreach (ref readonly Promise promise in batch)
            Remember(promise);
    }

    private void Remember(in Promise promise)
    {
        int dropped;
        lock (_lock)
            dropped = _memory.Add(promise);
        _tally.Add(OutboxReportKind.Dropped, dropped);
    }

    private void Maintain(bool closing)
    {
        try
        {
            if (_problem is not null && _open is not null && _retry.IsOver)
                Recover();
            if (_problem is null)
                _log?.Maintain(_synchronized() ? _clock.GetUtcNow().UtcDateTime - _maxAge : null, sync: closing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
        if (Interlocked.Exchange(ref _unreadable, null) is { } unreadable)
            Fail(unreadable);
        // What was found at the start waits for somebody to hear it.
        if (Reported is not null)
            _tally.Tell();
    }

    private void OpenLog()
    {
        // Without a log the numbers begin above those of any earlier one, which may be found later on.
        _sequence = _clock.GetUtcNow().UtcTicks;
        if (_open is null)
            return;
        try
        {
            _log = _open();
            _sequence = _log.LastSequence;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    // From memory to the disk, in order. The session may go on taking messages meanwhile: only the writing is without the lock.
    private void Recover()
    {
        Promise[] held;
        SegmentLog log = _log ?? _open!();
        lock (_lock)
        {
            (_log, _rewriting) = (log, true);
            held = _memory.ToArray();
        }
        try
        {
            if (held.Length > 0 && held[0].Sequence <= log.LastSequence)
                throw new IOException("what lies on the disk is ahead of this run; the outbox is on the disk again from the next start on");
            log.Append(held);
            lock (_lock)
                _memory.RemoveThrough(long.MaxValue);
        }
        finally
        {
            lock (_lock)
                _rewriting = false;
        }
        _sequence = Math.Max(_sequence, log.LastSequence);
        _retry.Reset();
        _problem = null;
        Log.Recovered(_logger, held.Length);
        _tally.TellNow(new OutboxReport(OutboxReportKind.DiskRecovered, 0, "The outbox keeps messages on the disk again."));
        Filled?.Invoke();
    }

    private void Fail(Exception error)
    {
        _retry.Begin();
        bool news = _problem is null;
        _problem = $"the outbox cannot be written: {error.Message}";
        if (!news)
            return;
        Log.Failed(_logger, error.Message);
        _tally.TellNow(new OutboxReport(OutboxReportKind.DiskFailed, 0,
            $"The outbox cannot be written, messages wait in memory and would not survive a restart: {error.Message}"));
    }

    private void OnLoss(LogLoss loss)
    {
        if (loss.Kind == LogLossKind.Damaged)
            Log.Damaged(_logger, loss.File, loss.Messages);
        _tally.Add(
            loss.Kind switch
            {
                LogLossKind.NoRoom => OutboxReportKind.Dropped,
                LogLossKind.Expired => OutboxReportKind.Expired,
                _ => OutboxReportKind.Damaged,
            },
            loss.Messages);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The outbox cannot be written; messages wait in memory and would not survive a restart: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Information, "The outbox is on the disk again, with {Count} messages from memory.")]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(3, LogLevel.Error, "The outbox's file {File} is damaged, or power cut a write in it short: {Count} messages are lost. A copy of it is kept as damaged-{File}.")]
        public static partial void Damaged(ILogger logger, string file, long count);
    }
}
