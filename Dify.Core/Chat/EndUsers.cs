using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Storage;

namespace Dify.Core.Chat;

/// <summary>
/// End users by the caller's own id. The key of a row is made from app, kind and that id, so that the same person has
/// the same key on every host without asking, and only the first sight of somebody writes.
/// </summary>
internal sealed class EndUsers(WriteBatcher writes, TimeProvider time)
{
    public const int LongestSessionId = 255;
    private const int MostKnown = 50_000;

    private readonly ConcurrentDictionary<Guid, EndUser> _known = [];

    public ValueTask<EndUser> GetAsync(Guid workspaceId, Guid appId, string type, string sessionId)
    {
        var session = PlainText.Clean(sessionId);
        if (session.Length is 0 or > LongestSessionId)
        {
            throw DifyException.Invalid($"user: name the person with 1 to {LongestSessionId} characters.");
        }

        var id = IdOf(appId, type, session);
        return _known.TryGetValue(id, out var known) ? new(known) : new(AddAsync(new EndUser
        {
            Id = id,
            WorkspaceId = workspaceId,
            AppId = appId,
            Type = type,
            SessionId = session,
            CreatedAt = time.GetUtcNow(),
        }));
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

    private async Task<EndUser> AddAsync(EndUser user)
    {
        var stored = user;
        await writes.WriteAsync(async (db, token) =>
        {
            var users = db.EndUsers;
            if (await users.FindAsync([user.Id], token) is { } found)
            {
                stored = found;
            }
            else
            {
                users.Add(user);
            }
        });

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        return _known[user.Id] = stored;
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
}
