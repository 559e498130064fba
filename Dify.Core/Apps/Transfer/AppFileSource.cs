using System.Text;
using Dify.Core.Common;
using Dify.Core.Egress;

namespace Dify.Core.Apps.Transfer;

/// <summary>Gets the text of an app file from an address or from the bytes of an upload.</summary>
public sealed class AppFileSource(IHttpClientFactory clients, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Largest upload in bytes.</summary>
    public const int LargestFile = AppFileReader.LargestFile;

    /// <exception cref="DifyException"><c>invalid_param</c> or <c>egress_blocked</c>, in Dify's words.</exception>
    public async Task<string> FetchAsync(string url, CancellationToken cancellationToken = default)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address))
        {
            throw DifyException.Invalid("Error fetching YAML from URL: this is not an address.");
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(EgressClients.Guarded);
            using var response = await client.GetAsync(ToFile(address), HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Failed($"{(int)response.StatusCode} {response.ReasonPhrase}");
            }

            var text = Decode(await ReadAsync(response, stop.Token));
            return text.Length > 0 ? text : throw DifyException.Invalid("Empty content from url");
        }
        catch (EgressBlockedException blocked) when (blocked.Rule == "size")
        {
            throw DifyException.Invalid(AppFileReader.TooLarge);
        }
        catch (HttpRequestException problem)
        {
            throw Failed(problem.HttpRequestError == HttpRequestError.NameResolutionError ? "the host is not known" : "the host does not answer");
        }
        catch (IOException)
        {
            throw Failed("the connection broke");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed($"no answer within {Patience.TotalSeconds:0} seconds");
        }
    }

    /// <summary>The text of a file in UTF-8, or in UTF-16 where its first bytes say so.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c>: too large, or no text.</exception>
    public static string Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > LargestFile)
        {
            throw DifyException.Invalid(AppFileReader.TooLarge);
        }

        Encoding encoding = bytes.Span switch
        {
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        };
        try
        {
            return encoding.GetString(bytes.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw DifyException.Invalid("Invalid YAML format: this file is not a text in UTF-8.");
        }
    }

    /// <summary>The page of a file on GitHub is led to the file itself.</summary>
    internal static Uri ToFile(Uri address)
    {
        var path = address.AbsolutePath;
        return address is { Scheme: "https", Host: "github.com" }
            && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal))
            && path.IndexOf("/blob/", StringComparison.Ordinal) is > 0 and var blob
                ? new Uri("https://raw.githubusercontent.com" + path[..blob] + "/" + path[(blob + "/blob/".Length)..])
                : address;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var all = new MemoryStream();
        var part = new byte[81920];
        while (await body.ReadAsync(part, cancellationToken) is > 0 and var read)
        {
            if (all.Length + read > LargestFile)
            {
                throw DifyException.Invalid(AppFileReader.TooLarge);
            }

            all.Write(part, 0, read);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static DifyException Failed(string why) => DifyException.Invalid($"Error fetching YAML from URL: {why}");
}
