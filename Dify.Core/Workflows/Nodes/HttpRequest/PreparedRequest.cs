using System.Text;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>A request with everything filled in.</summary>
internal sealed class PreparedRequest
{
    /// <summary>Those that make the frame of the message; the program writes them itself.</summary>
    private static readonly string[] OwnHeaders =
        ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Proxy-Authorization", "Proxy-Connection"];

    private readonly List<KeyValuePair<string, string>> _headers = [];

    private PreparedRequest(HttpMethod method, Uri address, RequestBody body) => (Method, Address, Body) = (method, address, body);

    public HttpMethod Method { get; }

    public Uri Address { get; }

    public RequestBody Body { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>The header that carries the key; empty when there is none.</summary>
    public string SecretHeader { get; private set; } = "";

    /// <exception cref="NodeFailedException">The settings make no request.</exception>
    public static PreparedRequest Make(HttpRequestSettings settings, VariablePool variables, RequestBody body)
    {
        var request = new PreparedRequest(MethodOf(settings.Method), AddressOf(settings, variables), body);
        foreach (var line in settings.Headers)
        {
            request.AddLine(line, variables);
        }

        if (settings.Authorization is { } authorization)
        {
            request.Authorize(authorization, variables);
        }

        if (body.ReplacesContentType)
        {
            request._headers.RemoveAll(header => Same(header.Key, "Content-Type"));
        }

        if (body.ContentType is { } contentType && !request._headers.Exists(header => Same(header.Key, "Content-Type")))
        {
            request._headers.Add(new("Content-Type", contentType));
        }

        return request;
    }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Address) { Content = Body.ToContent() };
        foreach (var (name, value) in _headers)
        {
            if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, value)
                && !(message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value))
            {
                throw HttpErrors.Request($"'{name}' cannot be the name of a header. Use letters, digits and hyphens.");
            }
        }

        if (!message.Headers.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", "Dify");
        }

        if (!message.Headers.Contains("Accept"))
        {
            message.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        return message;
    }

    private static HttpMethod MethodOf(string method) => method.ToUpperInvariant() switch
    {
        "GET" => HttpMethod.Get,
        "POST" => HttpMethod.Post,
        "PUT" => HttpMethod.Put,
        "PATCH" => HttpMethod.Patch,
        "DELETE" => HttpMethod.Delete,
        "HEAD" => HttpMethod.Head,
        _ => throw HttpErrors.Method(method),
    };

    private static Uri AddressOf(HttpRequestSettings settings, VariablePool variables)
    {
        var text = CheckedUrl(settings, variables);
        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        text = fragment < 0 ? text : text[..fragment];
        var added = settings.Params.Select(pair => (Key: pair.Key.Render(variables), Value: pair.Value.Render(variables))).ToList();
        if (added.Count > 0)
        {
            var question = text.IndexOf('?', StringComparison.Ordinal);
            var given = question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
            var kept = given.Where(part => !added.Exists(pair => pair.Key == Uri.UnescapeDataString(part.Split('=')[0].Replace('+', ' '))));
            var query = kept.Concat(added.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
            text = $"{(question < 0 ? text : text[..question])}?{string.Join('&', query)}";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0
            ? address
            : throw HttpErrors.Url("The url is not an address that can be called. Check its host and port.");
    }

    /// <summary>What Dify checks before anything else.</summary>
    public static string CheckedUrl(HttpRequestSettings settings, VariablePool variables)
    {
        var text = settings.Url.Render(variables);
        return text.Length == 0 ? throw HttpErrors.Url("url is required")
            : !text.StartsWith("http://", StringComparison.Ordinal) && !text.StartsWith("https://", StringComparison.Ordinal)
                ? throw HttpErrors.Url("url should start with http:// or https://")
                : text.Trim();
    }

    private void AddLine(ReferenceTemplate line, VariablePool variables)
    {
        var text = line.Render(variables);
        if (line.Segments is [{ Selector: not null }])
        {
            // The author has given the whole line to a variable, so it may hold several headers.
            foreach (var part in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Set(part);
            }

            return;
        }

        if (text.AsSpan().Trim().ContainsAny('\r', '\n', '\0'))
        {
            throw HttpErrors.Request(
                $"The header '{HttpPair.Split(text).Key.ReplaceLineEndings(" ")}' would hold a line break. Take line breaks out of its variables.");
        }

        Set(text);
    }

    private void Set(string line)
    {
        var (name, value) = HttpPair.Split(line);
        if (name.Length > 0)
        {
            Set(name, value);
        }
    }

    private void Set(string name, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw HttpErrors.Request($"The header '{name}' would hold a line break. Take line breaks out of its variables.");
        }

        var known = _headers.FindIndex(header => Same(header.Key, name));
        if (known < 0)
        {
            _headers.Add(new(name, value));
        }
        else
        {
            _headers[known] = new(name, value);
        }
    }

    private void Authorize(HttpAuthorization authorization, VariablePool variables)
    {
        if (authorization.Type is null)
        {
            throw HttpErrors.Authorization("authorization config is required");
        }

        var key = authorization.ApiKey.Render(variables);
        if (string.IsNullOrWhiteSpace(key))
        {
            throw HttpErrors.Authorization("API key is required for authorization but was empty. Please provide a valid API key.");
        }

        SecretHeader = authorization.Header;
        Set(SecretHeader, authorization.Type switch
        {
            "bearer" => $"Bearer {key}",
            "basic" => $"Basic {(key.Contains(':', StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) : key)}",
            _ => key,
        });
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
