using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>
/// What is read of a server's first flight, in whatever pieces it comes, and that nothing in it does harm.
/// </summary>
public class ServerHelloTests
{
    private static readonly byte[] SessionId = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] RetryRandom = SHA256.HashData(Encoding.ASCII.GetBytes("HelloRetryRequest"));
    private static readonly byte[] ChangeCipherSpec = [20, 3, 3, 0, 1, 1];
    private static readonly byte[] Warning = [21, 3, 3, 0, 2, 1, 112];

    public static TheoryData<string, bool?, int?> Flights => new()
    {
        { "1.3", false, 29 },
        { "1.3 resumed", true, 29 },
        { "1.3 resumed without a key exchange", true, null },
        { "1.3 after another hello", false, 24 },
        { "1.3 resumed after another hello", true, 24 },
        { "1.3 in many records", true, 29 },
        { "1.2", false, null },
        { "1.2 resumed", true, null },
        { "1.2 after a warning", true, null },
    };

    [Theory]
    [MemberData(nameof(Flights))]
    public void AHello_IsRead_HoweverItIsSplit(string kind, bool? isResumed, int? group)
    {
        var flight = Flight(kind);
        for (var size = 1; size <= flight.Length; size++)
        {
            var reader = new ServerHelloReader();
            reader.ReadSent(ClientFlight);
            foreach (var part in flight.Chunk(size))
            {
                reader.ReadReceived(part);
            }

            Assert.True(reader.IsDone);
            Assert.Equal(new ServerHello(isResumed, (ushort?)group), reader.Result);
        }
    }

    [Fact]
    public void WithoutTheClientsHello_WhetherASessionOfTls12IsResumed_IsUnknown()
    {
        var reader = new ServerHelloReader();
        reader.ReadSent([22, 3, 1]);
        reader.ReadReceived(Flight("1.2 resumed"));

        Assert.Equal(new ServerHello(null, null), reader.Result);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0016\u0003\u0003\u0000\u0004\u000B\u0000\u0000\u0000")]
    [InlineData("\u0016\u0003\u0003\u0000\u0004\u0002\u00FF\u00FF\u00FF")]
    [InlineData("\u0016\u0003\u0003\u0000\u0006\u0002\u0000\u0000\u0002\u0003\u0003")]
    public void WhatIsNoHello_IsNotRead(string bytes)
    {
        var reader = new ServerHelloReader();
        reader.ReadReceived(Encoding.Latin1.GetBytes(bytes));

        Assert.True(reader.IsDone);
        Assert.Null(reader.Result);
    }

    [Fact]
    public void Alerts_AreSkippedWithoutEnd_AndEmptyRecordsToo()
    {
        var reader = new ServerHelloReader();
        for (var i = 0; i < 10_000; i++)
        {
            reader.ReadReceived([.. Warning, 22, 3, 3, 0, 0]);
        }

        Assert.False(reader.IsDone);
        reader.ReadReceived(Flight("1.3"));
        Assert.Equal(new ServerHello(false, 29), reader.Result);
    }

    [Fact]
    public void HostileBytes_AreOnlyBytes() => Gen.Select(
        Gen.Int[0, Kinds.Length - 1], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 8], Gen.Int[1, 64]).Sample(
        (kind, changes, size) =>
        {
            var flight = Flight(Kinds[kind]);
            foreach (var (at, value) in changes)
            {
                flight[at % flight.Length] = value;
            }

            var reader = new ServerHelloReader();
            reader.ReadSent(flight);
            foreach (var part in flight.Chunk(size))
            {
                reader.ReadReceived(part);
            }
        });

    private static string[] Kinds => [.. Flights.Select(row => row.Data.Item1)];

    /// <summary>The hello of a server that resumes a session.</summary>
    internal static byte[] Resuming => Record(Tls13(29, isResumed: true));

    private static byte[] ClientFlight =>
        [22, 3, 1, 0, 75, 1, 0, 0, 71, 3, 3, .. new byte[32], 32, .. SessionId, 0, 0, 1, 0];

    private static byte[] Flight(string kind) => kind switch
    {
        "1.3" => Record(Tls13(29)),
        "1.3 resumed" => Record(Tls13(29, isResumed: true)),
        "1.3 resumed without a key exchange" => Record(Tls13(null, isResumed: true)),
        "1.3 after another hello" =>
            [.. Record(Tls13(24, random: RetryRandom)), .. ChangeCipherSpec, .. Record(Tls13(24))],
        "1.3 resumed after another hello" =>
            [.. Record(Tls13(24, random: RetryRandom)), .. ChangeCipherSpec, .. Record(Tls13(24, isResumed: true))],
        "1.3 in many records" => [.. Tls13(29, isResumed: true).SelectMany(one => Record([one]))],
        "1.2" => Record([.. Hello(new byte[32], new byte[32], []), 11, 0, 0, 0]),
        "1.2 resumed" => [.. Record(Hello(new byte[32], SessionId, [])), .. ChangeCipherSpec],
        _ => [.. Warning, .. Record(Hello(new byte[32], SessionId, Extension(0xFF01, [0])))],
    };

    private static byte[] Tls13(int? group, bool isResumed = false, byte[]? random = null) => Hello(
        random ?? new byte[32], SessionId,
        [
            .. Extension(43, [3, 4]),
            .. group is { } known
                ? Extension(51, random is null ? [0, (byte)known, 0, 2, 7, 7] : [0, (byte)known])
                : [],
            .. isResumed ? Extension(41, [0, 0]) : [],
        ]);

    private static byte[] Hello(byte[] random, byte[] sessionId, byte[] extensions)
    {
        byte[] body =
        [
            3, 3, .. random, (byte)sessionId.Length, .. sessionId, 0x13, 1, 0, .. UInt16(extensions.Length),
            .. extensions,
        ];
        return [2, 0, .. UInt16(body.Length), .. body];
    }

    private static byte[] Extension(int type, byte[] value) => [.. UInt16(type), .. UInt16(value.Length), .. value];

    private static byte[] Record(byte[] fragment) => [22, 3, 3, .. UInt16(fragment.Length), .. fragment];

    private static byte[] UInt16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
