using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>
/// End users by the caller's own id. The key of a row is made from app, kind and that id, so that the same person has
/// the same key on every host without asking, and only the first sight of somebody writes.
/// </summary>
internal sealed partial class EndUsers(WriteBatcher writes, TimeProvider time, ILogger<EndUsers> logger)
{
    public const int LongestSessionId = 255;
    private const int MostKnown = 50_000;

    private readonly ConcurrentDictionary<Guid, EndUser> _known = [];

    /// <summary>
    /// Returns at once: a first sight is written by the group commit that comes before, or is the same as, the one of
    /// whatever the person does next.
    /// </summary>
    public EndUser Get(Guid workspaceId, Guid appId, string type, string sessionId)
    {
        var session = PlainText.Clean(sessionId);
        if (session.Length is 0 or > LongestSessionId)
        {
            throw DifyException.Invalid($"user: name the person with 1 to {LongestSessionId} characters.");
        }

        var id = IdOf(appId, type, session);
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }

        var user = new EndUser
        {
            Id = id,
            WorkspaceId = workspaceId,
            AppId = appId,
            Type = type,
            SessionId = session,
            CreatedAt = time.GetUtcNow(),
        };
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        if (_known.TryAdd(id, user))
        {
            _ = AddAsync(user);
        }

        return user;
    }

    public void ForgetApp(Guid appId)
    {
        foreach (var (id, user) in _known)
        {
            if (user.AppId == appId)
            {
                _known.TryRemove(id, out _);
            }
        }
    }

    private async Task AddAsync(EndUser user)
    {
        var adding = writes.WriteAsync(async (db, token) =>
        {
            var users = db.EndUsers;
            if (await users.FindAsync([user.Id], token) is null)
            {
                users.Add(user);
            }
        });
        await adding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!adding.IsCompletedSuccessfully)
        {
            // Not stored: the next sight tries again.
            _known.TryRemove(user.Id, out _);
            LogNotStored(adding.Exception, user.AppId);
        }
    }

    /// <summary>A name-based UUID (version 8) over SHA-256.</summary>
    private static Guid IdOf(Guid appId, string type, string sessionId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{appId:N}\n{type}\n{sessionId}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    [LoggerMessage(LogLevel.Warning, "An end user of app {AppId} could not be stored")]
    private partial void LogNotStored(Exception? exception, Guid appId);
}
