using Dify.Core.Common;
using Dify.Core.Workspaces.Secrets;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Dify.Tests.Workspaces;

public sealed class SecretBoxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dify-secret-").FullName;
    private readonly Guid _workspace = Guid.CreateVersion7();

    private string KeyFile => Path.Combine(_folder, "keys", "master.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_sealed_opens_again_after_a_restart_and_never_looks_the_same()
    {
        var box = Create();
        var first = box.Seal(_workspace, "sk-秘密");
        Assert.NotEqual(first, box.Seal(_workspace, "sk-秘密"));
        Assert.DoesNotContain("sk-", first);
        Assert.Equal("sk-秘密", Create().Open(_workspace, first));
        Assert.Equal("", box.Open(_workspace, box.Seal(_workspace, "")));
    }

    [Fact]
    public void The_key_file_belongs_to_its_owner_only()
    {
        Create().Seal(_workspace, "x");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }

        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
    }

    [Fact]
    public void Altered_cut_and_foreign_text_is_told_from_a_lost_key()
    {
        var box = Create();
        var sealedText = box.Seal(_workspace, "secret");
        var middle = sealedText.Length - 8;
        string[] broken =
        [
            sealedText[..middle] + (sealedText[middle] == 'A' ? 'B' : 'A') + sealedText[(middle + 1)..],
            sealedText[..^4], sealedText + "AAAA", "", "plain", "v1::", sealedText.Replace("v1:", "v9:", StringComparison.Ordinal), sealedText[..12] + ":",
        ];
        foreach (var text in broken)
        {
            Assert.Equal(ErrorCodes.SecretUnreadable, Assert.Throws<DifyException>(() => box.Open(_workspace, text)).Code);
        }

        Assert.Equal(ErrorCodes.SecretUnreadable, Assert.Throws<DifyException>(() => box.Open(Guid.CreateVersion7(), sealedText)).Code);

        File.Delete(KeyFile);
        var lost = Assert.Throws<DifyException>(() => Create().Open(_workspace, sealedText));
        Assert.Equal(ErrorCodes.SecretKeyLost, lost.Code);
        Assert.Contains("master.key", lost.Message);
    }

    [Fact]
    public void A_damaged_key_file_is_told_and_kept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllText(KeyFile, "damaged");
        Assert.Equal(ErrorCodes.SecretKeyLost, Assert.Throws<DifyException>(() => Create().Seal(_workspace, "x")).Code);
        Assert.Equal("damaged", File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_given_key_is_used_and_no_file_is_made()
    {
        const string key = "a-key-of-at-least-thirty-two-bytes-000";
        var sealedText = Create(key).Seal(_workspace, "secret");
        Assert.Equal("secret", Create(key).Open(_workspace, sealedText));
        Assert.False(File.Exists(KeyFile));
        Assert.Equal(ErrorCodes.SecretKeyLost, Assert.Throws<DifyException>(() => Create(key + "1").Open(_workspace, sealedText)).Code);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U")]
    public async Task The_program_refuses_to_start_with_a_key_that_protects_nothing(string key)
    {
        var check = new SecretKeyCheck(Key(key));
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => check.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("SECRET_KEY", refusal.Message);
    }

    [Fact]
    public void Each_purpose_has_a_stable_key_of_its_own()
    {
        var box = Create();
        Assert.Equal(32, box.DeriveKey("links").Length);
        Assert.Equal(box.DeriveKey("links"), Create().DeriveKey("links"));
        Assert.NotEqual(box.DeriveKey("links"), box.DeriveKey("tokens"));
    }

    private SecretBox Create(string? key = null) => new(Key(key));

    private MasterKey Key(string? key)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["DIFY_DATA_DIR"] = _folder, ["SECRET_KEY"] = key }).Build();
        return new MasterKey(new DataFolder(configuration), configuration);
    }
}
