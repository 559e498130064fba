using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Dify.Web.Hosting;

/// <summary>
/// A page on a circuit cannot set a cookie. After it has checked a sign-in it takes a ticket, good for one minute and
/// once, and sends the browser to <c>/signin/complete</c> with it.
/// </summary>
internal sealed class SignInTickets(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Ticket> _tickets = new(StringComparer.Ordinal);

    /// <param name="accountId">Who has just proven to be this account.</param>
    /// <param name="remember">Whether the session outlives the browser.</param>
    /// <param name="to">A local path to go on to.</param>
    /// <returns>The address to send the browser to, with a full load.</returns>
    public string CreateAddress(Guid accountId, bool remember, string to)
    {
        foreach (var (old, known) in _tickets)
        {
            if (known.ExpiresAt <= time.GetUtcNow())
            {
                _tickets.TryRemove(old, out _);
            }
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _tickets[key] = new Ticket(accountId, remember, time.GetUtcNow().AddMinutes(1));
        return $"/signin/complete?ticket={key}&to={Uri.EscapeDataString(to)}";
    }

    /// <summary>The ticket's account, once.</summary>
    public (Guid AccountId, bool Remember)? Take(string? key) =>
        key is not null && _tickets.TryRemove(key, out var ticket) && ticket.ExpiresAt > time.GetUtcNow()
            ? (ticket.AccountId, ticket.Remember)
            : null;

    private sealed record Ticket(Guid AccountId, bool Remember, DateTimeOffset ExpiresAt);
}
